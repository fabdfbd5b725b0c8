// A real Redis for tests: Debian's redis-server on a free port, as a child process.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Redis } from 'ioredis';
import { endsWithUs } from './ends-with-us.ts';
import { temporaryFolder } from './folder.ts';
import { freePort } from './free-port.ts';

export interface RedisServer {
  url: string;
  /** Forgets everything, as an operator's mistake would. */
  flushall(): Promise<void>;
  /** Changes a setting while it runs. */
  set(name: string, value: string): Promise<void>;
  /** Asks it something on a connection of its own. */
  ask<T>(question: (redis: Redis) => Promise<T>): Promise<T>;
  /** kill -9: what was not yet on disk is gone. */
  kill(): Promise<void>;
  pid(): number;
  /** Starts it again on the same port with the same files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** True when redis-server is installed. In CI its absence is an error, so that nothing is skipped unseen. */
export function redisAvailable(): boolean {
  const found = spawnSync('redis-server', ['--version']).status === 0;
  if (!found && process.env.CI === 'true')
    throw new Error('redis-server is not installed, and CI skips nothing.');
  return found;
}

/**
 * Starts a server with noeviction and an append-only file (written each second), as production should have. Its files
 * are in `place`, or in a folder of its own that goes with it.
 */
export async function startRedis(place?: string): Promise<RedisServer> {
  if (place !== undefined) mkdirSync(place, { recursive: true });
  const folder = place === undefined ? temporaryFolder('redis') : { path: place, remove() {} };
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child = await launch(port, folder.path);
  const end = (signal: NodeJS.Signals) => endOf(child, signal);
  return {
    url,
    flushall: async () => void (await ask(url, (redis) => redis.flushall())),
    set: async (name, value) => void (await ask(url, (redis) => redis.config('SET', name, value))),
    ask: (question) => ask(url, question),
    kill: () => end('SIGKILL'),
    pid: () => child.pid!,
    restart: async () => {
      await end('SIGTERM');
      child = await launch(port, folder.path);
    },
    stop: async () => {
      await end('SIGKILL');
      folder.remove();
    },
  };
}

async function launch(port: number, folder: string): Promise<ChildProcess> {
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  // Where files may not grow (a torture's full disk), it must hear of it as an error, not end by a signal.
  const heedless = ['-c', 'trap "" XFSZ; exec redis-server "$@"', 'sh', ...args];
  const child = spawn('sh', heedless, { stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (/Ready to accept connections/.test(output)) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`redis-server ended with ${code}:\n${output.slice(-500)}`)),
    );
  });
  // An unexpected end of the test process must not leave a server behind.
  endsWithUs(child);
  return child;
}

async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exited;
}

async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}
