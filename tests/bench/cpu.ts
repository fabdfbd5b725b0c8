// What other processes have used of the processor, from /proc: Linux only.
import { readdirSync, readFileSync } from 'node:fs';

// Linux counts in hundredths of a second, whatever its own clock does.
const tickMs = 10;

interface Stat {
  parent: number;
  /** Of the process, and of its children that have ended and been waited for. */
  ownMs: number;
  endedMs: number;
}

/** Milliseconds of CPU of one process; 0 when it has ended. */
export function cpuOf(pid: number): number {
  return stat(pid)?.ownMs ?? 0;
}

/** Milliseconds of CPU of a server and everything it started, such as PostgreSQL's backends. */
export function cpuOfFamily(pid: number): number {
  const own = stat(pid);
  if (own === undefined) return 0;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => stat(Number(name)))
    .filter((child) => child?.parent === pid);
  return own.ownMs + own.endedMs + children.reduce((sum, child) => sum + child!.ownMs, 0);
}

function stat(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name, in parentheses, may hold spaces.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map((i) => fields[i] ?? 0);
  return {
    parent: parent!,
    ownMs: (user! + system!) * tickMs,
    endedMs: (endedUser! + endedSystem!) * tickMs,
  };
}
