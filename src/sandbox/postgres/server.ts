// Starts the server process on a cluster and waits until it accepts connections.
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Account, give, spawnAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { CannotStart } from './cannot-start.ts';
import { stopOrphan } from './orphan.ts';
import { until } from './processes.ts';

const LARGEST_LOG = 10_000_000;

/** What the server is told: where its socket is (or its TCP port on Windows) and whether it waits for the disk. */
export interface Listening {
  socketFolder: string | undefined;
  port: number;
  durable: boolean;
}

/** Starts the server; its output goes to `log`, a file, so that the end of this process cannot block or kill it. */
export async function startServer(
  cluster: string,
  log: string,
  binaries: Binaries,
  account: Account,
  listening: Listening,
): Promise<ChildProcess> {
  for (let tries = 1; ; tries += 1) {
    const { child, readFrom } = launch(cluster, log, binaries, account, listening);
    const trouble = await waitUntilReady(child, cluster);
    if (trouble === undefined) return child;
    const lines = lastLines(log, readFrom);
    // After a kill -9 the old server's children need a moment to notice that their parent is gone; and a server that
    // was just being started when its application was killed shows itself only now.
    const isOccupied = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(
      lines,
    );
    if (!isOccupied || tries >= 20)
      throw new CannotStart(`The database did not start (${trouble}):\n${lines}`);
    await until(() => false, 250);
    await stopOrphan(cluster);
  }
}

function launch(cluster: string, log: string, binaries: Binaries, account: Account, listening: Listening) {
  if ((fs.statSync(log, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG)
    fs.renameSync(log, `${log}.old`);
  const output = fs.openSync(log, 'a', 0o600);
  const readFrom = fs.fstatSync(output).size;
  give(account, log);
  const settings = {
    listen_addresses: listening.socketFolder === undefined ? '127.0.0.1' : '',
    ...(listening.socketFolder === undefined ? {} : { unix_socket_directories: listening.socketFolder }),
    port: String(listening.port),
    max_connections: '200',
    shared_buffers: '64MB',
    fsync: listening.durable ? 'on' : 'off',
    logging_collector: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const args = [
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
  // Its own process group: Ctrl-C must reach the application first, so that it can drain.
  const child = spawn(binaries.program('postgres'), args, {
    ...spawnAs(account),
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output],
  });
  fs.closeSync(output);
  child.unref();
  return { child, readFrom };
}

// undefined when ready; otherwise what went wrong. The server writes its state into line 8 of postmaster.pid.
async function waitUntilReady(child: ChildProcess, cluster: string): Promise<string | undefined> {
  let failed: string | undefined;
  child.once('error', (error) => {
    failed = error.message;
  });
  child.once('exit', (code, signal) => {
    failed ??= `it ended with ${code ?? signal}`;
  });
  const isReady = () => {
    const lines = readText(path.join(cluster, 'postmaster.pid')).split('\n');
    return Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready';
  };
  // Recovery after a crash of a large database takes its time.
  const ended = await until(() => failed !== undefined || isReady(), 300_000);
  if (failed !== undefined) return failed;
  if (ended) return undefined;
  child.kill('SIGQUIT');
  return 'it was not ready after five minutes';
}

/** The last lines of the log that were written after the given position (bytes). */
export function lastLines(log: string, from = 0): string {
  return readText(log, from).trim().split('\n').slice(-8).join('\n');
}

function readText(file: string, from = 0): string {
  try {
    return fs.readFileSync(file).subarray(from).toString('utf8');
  } catch {
    return '';
  }
}
