// Drives a Telegram sandbox that lives in another process, over its JSON API; also starts such a process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Message } from '@grammyjs/types';
import type {
  Fault,
  FaultFilter,
  LedgerEntry,
  PressResult,
  SandboxMessage,
  SayOptions,
} from '#sandbox/telegram/index.ts';
import { program } from './program.ts';

export interface RemotePerson {
  readonly id: number;
  say(text: string, options?: SayOptions): Promise<Message>;
  start(payload?: string): Promise<Message>;
  press(
    button: string | { data: string },
    options?: { chat?: number; messageId?: number; timeout?: number },
  ): Promise<PressResult>;
  resendPress(options?: { timeout?: number }): Promise<PressResult>;
  shareLocation(latitude: number, longitude: number): Promise<Message>;
  block(): Promise<void>;
  unblock(): Promise<void>;
  deactivate(): Promise<void>;
  /** The bot's standing messages in the private chat or another one, oldest first. */
  seen(chat?: number): Promise<SandboxMessage[]>;
  last(chat?: number): Promise<SandboxMessage | undefined>;
}

export interface RemoteTelegram {
  readonly apiRoot: string;
  person(id: number, profile?: { first_name?: string; username?: string }): Promise<RemotePerson>;
  group(
    id: number,
    title: string,
    options?: { type?: 'group' | 'supergroup'; forum?: boolean },
  ): Promise<void>;
  join(group: number, person: number, options?: { admin?: boolean }): Promise<void>;
  leave(group: number, person: number): Promise<void>;
  addBot(group: number, by: number, options?: { admin?: boolean }): Promise<void>;
  kickBot(group: number, by: number): Promise<void>;
  migrate(group: number): Promise<number>;
  messages(chat: number): Promise<SandboxMessage[]>;
  ledger(from?: number): Promise<LedgerEntry[]>;
  faults: {
    next(n: number, fault: Fault, filter?: FaultFilter): Promise<void>;
    rate(share: number, fault: Fault, filter?: FaultFilter): Promise<void>;
    clear(): Promise<void>;
    down(isDown: boolean): Promise<void>;
  };
}

/** A client for the sandbox whose /sandbox is at `control`; calls throw an Error with the sandbox's sentence when refused. */
export function remoteTelegram(control: string, apiRoot = control): RemoteTelegram {
  const answerOf = async (response: Response): Promise<unknown> => {
    const body = (await response.json()) as { ok: boolean; result?: unknown; error?: string };
    if (!body.ok) throw new Error(body.error ?? `the sandbox answered ${response.status}`);
    return body.result;
  };
  const get = async <T>(path: string) => (await answerOf(await fetch(`${control}/sandbox/api/${path}`))) as T;
  const act = async <T = void>(name: string, input: Record<string, unknown>) =>
    (await answerOf(
      await fetch(`${control}/sandbox/api/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      }),
    )) as T;
  const messages = (chat: number) => get<SandboxMessage[]>(`messages?chat=${chat}`);
  const seen = async (chat: number) => (await messages(chat)).filter((m) => m.fromBot && !m.deleted);

  const hands = (person: number): RemotePerson => ({
    id: person,
    say: (text, options) => act('say', { person, text, ...options }),
    start: (payload) => act('start', { person, ...(payload === undefined ? {} : { payload }) }),
    press: (button, options) =>
      act('press', { person, ...(typeof button === 'string' ? { button } : button), ...options }),
    resendPress: (options) => act('resend-press', { person, ...options }),
    shareLocation: (latitude, longitude) => act('location', { person, latitude, longitude }),
    block: () => act('block', { person }),
    unblock: () => act('unblock', { person }),
    deactivate: () => act('deactivate', { person }),
    seen: (chat = person) => seen(chat),
    last: async (chat = person) => (await seen(chat)).at(-1),
  });

  return {
    apiRoot,
    person: async (id, profile) => {
      await act('person', { id, ...profile });
      return hands(id);
    },
    group: async (id, title, options) => {
      await act('group', { id, title, ...options });
    },
    join: (group, person, options) => act('join', { group, person, ...options }),
    leave: (group, person) => act('leave', { group, person }),
    addBot: (group, person, options) => act('add-bot', { group, person, ...options }),
    kickBot: (group, person) => act('kick-bot', { group, person }),
    migrate: async (group) => (await act<{ id: number }>('migrate', { group })).id,
    messages,
    ledger: (from = 0) => get<LedgerEntry[]>(`ledger?from=${from}`),
    faults: {
      next: (n, fault, filter) => act('faults/next', { n, fault, filter }),
      rate: (share, fault, filter) => act('faults/rate', { share, fault, filter }),
      clear: () => act('faults/clear', {}),
      down: (down) => act('faults/down', { down }),
    },
  };
}

export interface TelegramProcess {
  telegram: RemoteTelegram;
  token: string;
  child: ChildProcess;
  /** Kills the process at once (kill -9) and waits for its end. */
  kill(): Promise<void>;
  /** Ends the process in good order. */
  stop(): Promise<void>;
}

/** Starts the sandbox in its own process and waits until it listens. */
export async function startTelegramProcess(
  options: { port?: number; journal?: string; limits?: 'on' | 'off'; perSecond?: number } = {},
): Promise<TelegramProcess> {
  const args = ['--port', String(options.port ?? 0), '--limits', options.limits ?? 'on'];
  if (options.perSecond) args.push('--per-second', String(options.perSecond));
  if (options.journal) args.push('--journal', options.journal);
  const child = spawn(process.execPath, [...(await program('src/sandbox/telegram/serve.ts')), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout! });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    once(child, 'exit').then(() => {
      throw new Error('the Telegram sandbox process ended before it listened');
    }),
  ]);
  const { apiRoot, token, control } = JSON.parse(first) as {
    apiRoot: string;
    token: string;
    control: string;
  };
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    telegram: remoteTelegram(control, apiRoot),
    token,
    child,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
