// What can be learned about another process: is it alive, since when, and what was it started as.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** True while a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // A zombie has ended; only its parent has not looked yet.
  return procStat(pid)?.state !== 'Z';
}

/** A text that differs between two processes that had the same id at different times; '' when unknown. */
export function birthOf(pid: number): string {
  const stat = procStat(pid);
  if (stat) return `${bootId()}:${stat.startTicks}`;
  return process.platform === 'linux' || process.platform === 'win32' ? '' : ps(pid, 'lstart=');
}

/** The command line of a process, words joined by one space; '' when it cannot be read. */
export function commandLineOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return process.platform === 'win32' ? '' : ps(pid, 'command=');
  }
}

function procStat(pid: number): { state: string; startTicks: string } | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself hold blanks and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function ps(pid: number, column: string): string {
  const found = spawnSync('ps', ['-ww', '-o', column, '-p', String(pid)], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : '';
}

/** Waits until the condition holds, looking every 20 ms; false when the patience (milliseconds) is used up. */
export async function until(condition: () => boolean, patience: number): Promise<boolean> {
  for (let looked = 0; !condition(); looked += 20) {
    if (looked >= patience) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
