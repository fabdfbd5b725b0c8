// Everything a torture plays on: PostgreSQL, Redis and Telegram as servers of their own, each behind a proxy, and the program.
import path from 'node:path';
import { type AppOptions, type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { type RedisServer, startRedis } from '../harness/redis.ts';
import { startTelegramProcess, type TelegramProcess } from '../harness/telegram-client.ts';
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.ts';
import { type Ledger, startLedger } from './postgres.ts';
import { crowd, ownerOf } from './river.ts';
import type { QueueName } from './scenarios/scenario.ts';

export interface Stage {
  readonly folder: string;
  readonly ledger: Ledger;
  /** Only with the queue on Redis. */
  readonly redis: (RedisServer & { proxy: ChaosProxy }) | undefined;
  readonly telegram: TelegramProcess;
  /** In front of the Bot API. */
  readonly botApi: ChaosProxy;
  readonly key: string;
  /** Starts a process of the program; all of them share the ledger. Stopped with the stage. */
  program(name: string, variables?: Record<string, string>, options?: AppOptions): Promise<AppProcess>;
  /** Everything that the processes printed. */
  output(): string;
  /** `before`: when every server has ended and its folder is still there. */
  close(how?: { before?(): void }): Promise<void>;
}

export interface StageOptions {
  queue: QueueName;
  /** So many owners may begin. */
  people?: number;
  /** Telegram's flood limits. */
  limits?: 'on' | 'off';
  /** Before anything is started; `ledger` and `redis` in this folder will be the servers' own. */
  prepare?(folder: string): void;
}

let last: () => string = () => '';

/** The end of what each program of the newest stage printed: for whoever asks why something did not hold. */
export function lastWords(): string {
  return last();
}

const sealing = `torture:${Buffer.alloc(32, 7).toString('base64')}`;

/** Starts the servers; no program yet. */
export async function openStage({ queue, people = 8, limits = 'on', prepare }: StageOptions): Promise<Stage> {
  const data = temporaryFolder('torture');
  const closers: (() => unknown)[] = [];
  const opened = async <T>(thing: Promise<T>, close: (thing: T) => unknown): Promise<T> => {
    const there = await thing;
    closers.push(() => close(there));
    return there;
  };
  const programs: AppProcess[] = [];
  const children: TelegramProcess[] = [];
  const words = (most = Number.POSITIVE_INFINITY) =>
    programs.map((program) => program.output().slice(-most)).join('\n');
  last = () => words(3_000);
  // An interrupted run must leave nothing behind; PostgreSQL and Redis see to themselves.
  const atExit = () => {
    for (const pid of [...programs.map((one) => one.pid()), ...children.map(({ child }) => child.pid!)])
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    data.remove();
  };
  process.once('exit', atExit);
  const closeAll = async ({ before = () => {} }: { before?(): void } = {}) => {
    for (const close of closers.splice(0).reverse()) await close();
    before();
    data.remove();
    process.removeListener('exit', atExit);
  };
  try {
    prepare?.(data.path);
    const ledger = await opened(startLedger(path.join(data.path, 'ledger')), (one) => one.stop());
    const journal = path.join(data.path, 'telegram.jsonl');
    const telegram = await opened(startTelegramProcess({ journal, limits }), (one) => one.stop());
    children.push(telegram);
    const botApi = await opened(
      startChaosProxy({ port: Number(new URL(telegram.telegram.apiRoot).port) }),
      (one) => one.close(),
    );
    const server =
      queue === 'redis'
        ? await opened(startRedis(path.join(data.path, 'redis')), (one) => one.stop())
        : undefined;
    const redis = server && {
      ...server,
      proxy: await opened(startChaosProxy({ port: Number(new URL(server.url).port) }), (one) => one.close()),
    };
    const key = 'torture-key-0123456789';
    const shared = {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: `http://127.0.0.1:${botApi.port}`,
      OWNER_IDS: crowd(people).map(ownerOf).join(','),
      BOOTSTRAP_API_KEY: key,
      ENCRYPTION_KEYS: sealing,
      DATABASE_URL: ledger.url,
      ...(redis ? { REDIS_URL: `redis://127.0.0.1:${redis.proxy.port}` } : {}),
    };
    return {
      folder: data.path,
      ledger,
      redis,
      telegram,
      botApi,
      key,
      async program(name, variables = {}, options = {}) {
        const starting = startAppProcess(path.join(data.path, name), { ...shared, ...variables }, options);
        const program = await opened(starting, (one) => one.kill());
        programs.push(program);
        return program;
      },
      output: () => words(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
