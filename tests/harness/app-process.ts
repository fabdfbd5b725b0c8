// The real program as a child process, that may be killed and started again on the same data and port.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { program } from './program.ts';
import { until } from './until.ts';

export interface AppProcess {
  url: string;
  /** Everything it printed so far, over all starts. */
  output(): string;
  pid(): number;
  /** The embedded server's process, from its own pid file; undefined while there is none. */
  postgresPid(): number | undefined;
  /** kill -9, and waits for the end. */
  kill(): Promise<void>;
  /** Starts it again, perhaps with more variables, and waits until it takes traffic. */
  start(more?: Record<string, string>): Promise<void>;
  /** Ends it in good order; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Waits until the process has ended by itself. */
  ended(): Promise<void>;
  /** What ended it: a signal's name, an exit code; null while it runs. */
  endedBy(): string | number | null;
}

export interface AppOptions {
  /** Another program than `src/main.ts`: one that prepares something and then is the same. */
  entry?: string;
  /** The path of an older version's `main.ts`, which is not built here. */
  older?: string;
}

/**
 * Starts `src/main.ts` with these variables over an otherwise empty environment; ready when `/readyz` says so, or, for
 * roles without a door, when it has written where it runs, or, when it may be frozen at a failpoint before it answers
 * anybody, when it has printed that it is. `start` may add variables.
 */
export async function startAppProcess(
  dataDir: string,
  variables: Record<string, string>,
  { entry = 'src/main.ts', older }: AppOptions = {},
): Promise<AppProcess> {
  const port = await freePort();
  const hasDoor = /http/.test(variables.ROLES ?? 'http');
  const url = `http://127.0.0.1:${port}`;
  let printed = '';
  let printedBefore = 0;
  let child: ChildProcess;
  const gone = () => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals) => {
    if (!gone()) {
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    }
    return child.exitCode;
  };
  const words = older === undefined ? await program(entry) : ['--import', 'tsx', older];
  const mayFreeze = variables.FAILPOINT?.endsWith('SIGSTOP') ?? false;
  const isUp = async () =>
    mayFreeze
      ? printed.indexOf('Tocsin is ready', printedBefore) >= 0
      : hasDoor
        ? (await fetch(`${url}/readyz`)).ok
        : JSON.parse(readFileSync(path.join(dataDir, 'run.json'), 'utf8')).pid === child.pid;
  const start = async (more: Record<string, string> = {}) => {
    printedBefore = printed.length;
    child = spawn(process.execPath, words, {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: dataDir,
        DATA_DIR: dataDir,
        PORT: String(port),
        LOG_LEVEL: 'warn',
        ...variables,
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (text) => {
        printed += String(text);
      });
    await until(
      'the program takes traffic',
      async () => {
        if (gone()) throw new Error(`the program ended at its start:\n${printed.slice(-3000)}`);
        return isUp();
      },
      60_000,
    );
  };
  await start();
  return {
    url,
    output: () => printed,
    pid: () => child.pid!,
    postgresPid() {
      try {
        return Number(
          readFileSync(path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0],
        );
      } catch {
        return undefined;
      }
    },
    kill: async () => void (await end('SIGKILL')),
    start,
    stop: () => end('SIGTERM'),
    ended: async () => void (gone() || (await once(child, 'exit'))),
    endedBy: () => child.signalCode ?? child.exitCode,
  };
}

/** A process without a door, such as a worker alone. */
export interface RoomProcess {
  pid(): number;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `src/main.ts` with roles that open no door (`ROLES=worker`); ready when it says where it runs. */
export async function startRoomProcess(
  dataDir: string,
  variables: Record<string, string>,
): Promise<RoomProcess> {
  const child = spawn(process.execPath, await program('src/main.ts'), {
    env: { PATH: process.env.PATH ?? '', HOME: dataDir, DATA_DIR: dataDir, LOG_LEVEL: 'warn', ...variables },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await until(
    'the process is ready',
    () => {
      if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}`);
      return existsSync(path.join(dataDir, 'run.json'));
    },
    60_000,
  );
  return {
    pid: () => child.pid!,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
  };
}
