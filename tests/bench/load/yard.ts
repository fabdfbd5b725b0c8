// The bench's end of the yard: starts the process and gives it orders.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Counted, Order, Pressed, Push, Pushed, Told } from './orders.ts';

export interface Yard {
  /** Where the fake Bot API is; also the pages that Prometheus asks. */
  port: number;
  apiRoot: string;
  push(order: Omit<Push, 'do'>): Promise<Pushed>;
  told(from: number, events: number, ms: number): Promise<Told>;
  cross(from: number, events: number, everyMs: number): Promise<void>;
  press(chats: number[], atOnce: boolean, ms?: number): Promise<Pressed>;
  /** How many were answered. */
  say(chats: number[], text: string, ms?: number): Promise<number>;
  /** Of the events that somebody else pushed: how many were never told, how often one was told again. */
  counted(from: number, events: number, ms: number): Promise<Counted>;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** A token that looks like one. */
export const benchToken = `123456789:${'b'.repeat(35)}`;

/** Starts it and waits until the fake Bot API listens. */
export async function startYard(): Promise<Yard> {
  const script = fileURLToPath(new URL('./yard-program.ts', import.meta.url));
  const child = fork(script, [], { execArgv: ['--import', 'tsx'] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const open = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  child.on('message', ({ ask, answer, error }: { ask: number; answer?: unknown; error?: string }) => {
    if (error === undefined) open.get(ask)?.resolve(answer);
    else open.get(ask)?.reject(new Error(error));
    open.delete(ask);
  });
  child.on('exit', () => {
    for (const { reject } of open.values()) reject(new Error('the yard ended'));
  });
  const give = <T>(order: Order) =>
    new Promise<T>((resolve, reject) => {
      const ask = ++asked;
      open.set(ask, { resolve: resolve as (answer: unknown) => void, reject });
      child.send({ ask, order });
    });
  return {
    port,
    apiRoot: `http://127.0.0.1:${port}`,
    push: (order) => give({ do: 'push', ...order }),
    told: (from, events, ms) => give({ do: 'told', from, events, ms }),
    cross: (from, events, everyMs) => give({ do: 'cross', from, events, everyMs }),
    press: (chats, atOnce, ms = 10_000) => give({ do: 'press', chats, atOnce, ms }),
    say: (chats, text, ms = 20_000) => give({ do: 'say', chats, text, ms }),
    counted: (from, events, ms) => give({ do: 'counted', from, events, ms }),
    reset: () => give({ do: 'reset' }),
    async stop() {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
