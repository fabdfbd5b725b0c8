// Tocsin with the Telegram emulator, which enforces Telegram's limits and keeps what it was asked: in processes of their own.
import type { LedgerEntry } from '#sandbox/telegram/index.ts';
import { type RemoteTelegram, startTelegramProcess } from '../../harness/telegram-client.ts';
import { until } from '../../harness/until.ts';
import { type BenchServer, startServer } from '../ledger.ts';
import { benchKey, chatOf, fillPeople, startOn, type Tocsin } from './tocsin.ts';

export interface Emulated {
  tocsin: Tocsin;
  telegram: RemoteTelegram;
  server: BenchServer;
  /** Posts events, a hundred a request; resolves when all are accepted. */
  post(events: object[]): Promise<void>;
  /** The calls that speak, from this place in the ledger on. */
  calls(from?: number): Promise<LedgerEntry[]>;
  /** Where the ledger ends now. */
  mark(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts both with so many people, who have all written to the bot. */
export async function startEmulated(
  people: number,
  { perSecond }: { perSecond?: number } = {},
): Promise<Emulated> {
  const server = await startServer();
  const { telegram, token, stop } = await startTelegramProcess(perSecond ? { perSecond } : {});
  for (let i = 0; i < people; i++)
    await (await telegram.person(chatOf(i), { first_name: `Person ${i}` })).start();
  await forgetUpdates(`${telegram.apiRoot}/bot${token}`);
  const place = await server.place();
  await fillPeople(place.database, people);
  const variables = { TELEGRAM_BOT_TOKEN: token, TELEGRAM_PER_SECOND: '30' };
  const tocsin = await startOn(place, { apiRoot: telegram.apiRoot, variables });
  await place.database.sql`update sources set rate_per_second = 1000000`;
  const headers = { authorization: `Bearer ${benchKey}`, 'content-type': 'application/json' };
  return {
    tocsin,
    telegram,
    server,
    async post(events) {
      for (let i = 0; i < events.length; i += 400) {
        const parts = [0, 100, 200, 300].map((from) => events.slice(i + from, i + from + 100));
        await Promise.all(
          parts
            .filter((part) => part.length > 0)
            .map(async (part) => {
              const url = `http://127.0.0.1:${tocsin.port}/v1/events`;
              const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(part) });
              if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
            }),
        );
      }
    },
    calls: async (from = 0) =>
      (await telegram.ledger(from)).filter(({ method }) => /^(send|edit)Message/i.test(method)),
    mark: async () => (await telegram.ledger()).length,
    async stop() {
      await tocsin.stop();
      await stop();
      await server.stop();
    },
  };
}

/** An event over the limit of the person with this number. */
export function eventFor(person: number, name: string): object {
  return { id: name, source: 'bench', type: `bench.t${person}`, subject: name, data: { value: 95 } };
}

/** Waits until so many messages about this name have come, or gives up after `ms`; how many came. */
export async function waitFor(
  emulated: Emulated,
  from: number,
  count: (calls: LedgerEntry[]) => number,
  wanted: number,
  ms: number,
): Promise<number> {
  let found = 0;
  await until(
    'the messages have come',
    async () => {
      found = count(await emulated.calls(from));
      return found >= wanted;
    },
    ms,
  ).catch(() => {});
  return found;
}

export const isSent = ({ ok, method }: LedgerEntry) => ok && method === 'sendMessage';
export const is429 = ({ error }: LedgerEntry) => error?.code === 429;
export const textOf = ({ params }: LedgerEntry) => String(params.text ?? '');

// What they wrote before the bot was there is not asked about again.
async function forgetUpdates(root: string): Promise<void> {
  for (let offset = 0; ; ) {
    const answer = await fetch(`${root}/getUpdates?timeout=0&limit=100&offset=${offset}`);
    const { result } = (await answer.json()) as { result: { update_id: number }[] };
    if (result.length === 0) return;
    offset = result.at(-1)!.update_id + 1;
  }
}
