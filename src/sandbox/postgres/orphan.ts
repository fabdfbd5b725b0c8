// A server that outlived its application (kill -9): recognise it beyond doubt, and stop it.
import fs from 'node:fs';
import path from 'node:path';
import { CannotStart } from './cannot-start.ts';
import { commandLineOf, isAlive, until } from './processes.ts';

/** Stops the server that still runs on this cluster, if there is one. Call it only while holding the claim. */
export async function stopOrphan(cluster: string): Promise<'none' | 'stopped'> {
  const file = path.join(cluster, 'postmaster.pid');
  const lines = readLines(file);
  const pid = Number(lines[0]);
  if (!isAlive(pid)) return 'none';
  if (!isServerOn(pid, cluster)) {
    // The number now belongs to a stranger. PostgreSQL would refuse to start; it ignores its own parent's number,
    // and keeping the other lines keeps its check for surviving children of the old server.
    fs.writeFileSync(file, [String(process.pid), ...lines.slice(1)].join('\n'));
    return 'none';
  }
  await stopServer(pid);
  return 'stopped';
}

/** Fast shutdown first, then immediate, then kill; returns when the process is gone. */
export async function stopServer(pid: number): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw new CannotStart(
        `The old database server (process ${pid}) cannot be stopped: it belongs to another user.`,
      );
    }
    if (await until(() => !isAlive(pid), patience)) return;
  }
  throw new CannotStart(`The old database server (process ${pid}) does not end.`);
}

function isServerOn(pid: number, cluster: string): boolean {
  const command = commandLineOf(pid);
  return /(^|[\\/])postgres(\.exe)? /.test(command) && `${command} `.includes(` -D ${cluster} `);
}

function readLines(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}
