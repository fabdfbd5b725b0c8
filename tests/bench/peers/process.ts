// A server under test as a child process: ready when it answers, its CPU and memory as the kernel counts them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { endsWithUs } from '../../harness/ends-with-us.ts';
import { until } from '../../harness/until.ts';

export interface Server {
  port: number;
  pid: number;
  /** From its start until it answered. */
  startMs: number;
  /** kill -9, and waits for the end. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a program and waits until this path answers 200. */
export async function startProgram(
  command: string,
  args: string[],
  place: { port: number; path: string; env?: Record<string, string>; execArgv?: string[] },
): Promise<Server> {
  const began = performance.now();
  let printed = '';
  const child: ChildProcess = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', ...place.env },
  });
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (text) => {
      printed = `${printed}${text}`.slice(-4_000);
    });
  const gone = () => child.exitCode !== null || child.signalCode !== null;
  const end = () => child.kill('SIGKILL');
  endsWithUs(child);
  try {
    await until(
      `${command} answers`,
      async () => {
        if (gone() || child.pid === undefined) throw new Error(`the program ended: ${command}\n${printed}`);
        return (await fetch(`http://127.0.0.1:${place.port}${place.path}`)).ok;
      },
      60_000,
    );
  } catch (error) {
    end();
    throw error;
  }
  return {
    port: place.port,
    pid: child.pid!,
    startMs: performance.now() - began,
    async kill() {
      if (gone()) return;
      const exit = once(child, 'exit');
      end();
      await exit;
    },
    async stop() {
      if (gone()) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exit;
      clearTimeout(timer);
    },
  };
}

/** Microseconds of CPU that a process has used; with `family`, its children's too, also of those that ended. */
export function cpuOf(pid: number, family = false): number {
  const ticks = statOf(pid, family);
  if (!family) return ticks * 10_000;
  return (ticks + childrenOf(pid).reduce((sum, child) => sum + statOf(child, true), 0)) * 10_000;
}

/** Megabytes of memory that a process holds now. */
export function rssOf(pid: number): number {
  return (
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1_024
  );
}

// A hundredth of a second each, on every Linux that Node runs on.
function statOf(pid: number, ended: boolean): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields.slice(11, ended ? 15 : 13).reduce((sum, field) => sum + Number(field), 0);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const parent = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1];
      return Number(parent) === pid ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
