// The inbox: every update once, in order per chat, whatever happens to Telegram, to us or to the database.
import { setTimeout as wait } from 'node:timers/promises';
import type { Update } from '@grammyjs/types';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { updatesWork } from '#chat/inbox.ts';
import { chatKeyOf, keep } from '#chat/incoming.ts';
import { type Poller, startPoller } from '#chat/poller.ts';
import { setWebhook, webhookDoor } from '#chat/webhook.ts';
import { startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';
import { pendingWork } from '#store/pending.ts';
import { trimChat } from '#store/trim.ts';
import { trimUpdates } from '#store/updates.ts';
import { createTelegram, type Telegram } from '#telegram/client.ts';
import { freePort } from '../harness/free-port.ts';
import { noon, openStage, type Stage } from '../operations/stage.ts';

let stage: Stage;
let sandbox: TelegramSandbox;
let telegram: Telegram;
const pollers: Poller[] = [];

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(async () => {
  await stage.world.database.sql`truncate updates`;
  stage.rung.length = 0;
  // Nobody else's while it is away.
  const port = await freePort();
  sandbox = await startTelegramSandbox({ now: Date.now, random: Math.random, limits: 'off', port });
  telegram = createTelegram({ token: sandbox.token, apiRoot: sandbox.apiRoot, log: stage.world.log });
});
afterEach(async () => {
  await Promise.all(pollers.splice(0).map((poller) => poller.stop()));
  telegram.close();
  await sandbox.stop();
});

const quick = { now: () => noon, holdSeconds: 5, lookMs: 20, conflictMs: 50 };
function poll(): Poller {
  const poller = startPoller(stage.world, telegram, quick);
  pollers.push(poller);
  return poller;
}

async function until(what: () => boolean | Promise<boolean>, ms = 15_000): Promise<void> {
  for (const end = performance.now() + ms; !(await what()); await wait(10))
    if (performance.now() > end) throw new Error(`not so after ${ms} ms: ${what}`);
}

interface Row {
  update_id: string;
  chat_key: string;
  done_at: Date | null;
  error: string | null;
  attempts: number;
  text: string | null;
}
const rows = () => stage.world.database.sql<Row[]>`
  select *, payload #>> '{message,text}' as text from updates order by update_id`;
const texts = async () => (await rows()).map(({ text }) => text);

const message = (update_id: number, chat: number, text = String(update_id)) =>
  ({
    update_id,
    message: { message_id: 1, date: 0, chat: { id: chat, type: 'private' }, text },
  }) as unknown as Update;

/** Does all waiting work, as the sweeper would; the chats it was done for. */
async function work(handle: (update: Update) => Promise<void>, now: number): Promise<number> {
  const { updates } = updatesWork(stage.world, handle);
  for (let rounds = 0; ; rounds++) {
    const bells = (await pendingWork(stage.world.database.db, now)).filter(({ job }) => job === 'updates');
    if (bells.length === 0) return rounds;
    if (rounds > 50) throw new Error('the work never ends');
    await Promise.all(bells.map(({ id }) => updates(id, now)));
  }
}

it('keeps what people say, rings for their chats, and lets Telegram forget it', async () => {
  const [ana, ben] = [sandbox.person(11), sandbox.person(12)];
  ana.say('one');
  poll();
  ben.say('two');
  ana.say('three');
  await until(async () => (await rows()).length === 3);
  expect(await texts()).toEqual(['one', 'two', 'three']);
  expect(new Set(stage.rung.map(({ job, id }) => `${job} ${id}`))).toEqual(
    new Set(['updates chat:11', 'updates chat:12']),
  );
  await pollers[0]!.stop();
  // The last poll confirmed them or will: a new poller gets nothing twice into the ledger.
  poll();
  ana.say('four');
  await until(async () => (await rows()).length === 4);
});

it('handles an update that is delivered five times once', async () => {
  for (let n = 0; n < 5; n++) await keep(stage.world, [message(7, 1), message(8, 1)], noon);
  const seen: number[] = [];
  await work(async ({ update_id }) => void seen.push(update_id), noon);
  for (let n = 0; n < 5; n++) await keep(stage.world, [message(7, 1)], noon);
  await work(async ({ update_id }) => void seen.push(update_id), noon);
  expect(seen).toEqual([7, 8]);
  expect(stage.rung).toEqual([{ job: 'updates', id: 'chat:1' }]);
});

it('forgets what was in an update once it is handled: it may be a password', async () => {
  await keep(stage.world, [message(7, 1, 'sesame'), message(8, 1, 'fails')], noon);
  await updatesWork(stage.world, async (update) => {
    if (update.update_id === 8) throw new Error('no');
  }).updates('chat:1', noon);
  expect((await rows()).map(({ update_id, text }) => [Number(update_id), text])).toEqual([
    [7, null],
    [8, 'fails'],
  ]);
});

it('handles each chat in order, different chats side by side, with several workers on it', async () => {
  const numbers = Array.from({ length: 60 }, (_, n) => n + 1);
  // They may arrive in any order before they are handled.
  await keep(
    stage.world,
    numbers.toReversed().map((n) => message(n, n % 3)),
    noon,
  );
  const seen = new Map<string, number[]>();
  let running = 0;
  let most = 0;
  const busy = new Set<string>();
  const handle = async (update: Update) => {
    const chat = chatKeyOf(update);
    expect(busy.has(chat)).toBe(false);
    busy.add(chat);
    most = Math.max(most, ++running);
    // Whoever comes first waits for another chat.
    await until(() => most > 1);
    await wait(1);
    running--;
    busy.delete(chat);
    seen.set(chat, [...(seen.get(chat) ?? []), update.update_id]);
  };
  const workers = [1, 2, 3].map(() => updatesWork(stage.world, handle));
  await Promise.all(
    workers.flatMap((worker) => [0, 1, 2, 1, 0].map((chat) => worker.updates(`chat:${chat}`, noon))),
  );
  await work(handle, noon);
  for (const chat of [0, 1, 2])
    expect(seen.get(`chat:${chat}`)).toEqual(numbers.filter((n) => n % 3 === chat));
  expect(most).toBeGreaterThan(1);
});

it('tries a failing update three times, holds its chat meanwhile, then puts it aside and goes on', async () => {
  await keep(stage.world, [message(1, 1), message(2, 1), message(3, 2)], noon);
  const seen: number[] = [];
  const handle = async ({ update_id }: Update) => {
    seen.push(update_id);
    if (update_id === 1) throw new Error('no\u0000 luck');
  };
  await work(handle, noon);
  expect(seen.toSorted()).toEqual([1, 3]);
  // What comes meanwhile waits behind it, and nobody looks for work there.
  await keep(stage.world, [message(4, 1)], noon);
  expect(await work(handle, noon + 1_999)).toBeLessThanOrEqual(1);
  expect(seen).toHaveLength(2);
  await work(handle, noon + 2_000);
  await work(handle, noon + 21_999);
  expect(seen.filter((id) => id === 1)).toHaveLength(2);
  await work(handle, noon + 22_000);
  expect(seen.slice(-3)).toEqual([1, 2, 4]);
  const [first] = await rows();
  expect(first).toMatchObject({ error: 'Error: no luck', attempts: 3 });
  expect((await rows()).every(({ done_at }) => done_at !== null)).toBe(true);
});

it('puts aside what ends its process again and again', async () => {
  await keep(stage.world, [message(1, 1), message(2, 1)], noon);
  await stage.world.database.sql`update updates set attempts = 3 where update_id = 1`;
  const seen: number[] = [];
  await work(async ({ update_id }) => void seen.push(update_id), noon);
  expect(seen).toEqual([2]);
  expect((await rows())[0]!.error).toMatch(/ended the process/);
});

it('goes on where another process was cut off', async () => {
  await keep(stage.world, [message(1, 1), message(2, 1)], noon);
  const seen: number[] = [];
  let cut: (() => void) | undefined;
  const first = updatesWork(stage.world, async () => new Promise<void>((resolve) => (cut = resolve)));
  const hanging = first.updates('chat:1', noon);
  await until(() => cut !== undefined);
  const second = updatesWork(stage.world, async ({ update_id }) => void seen.push(update_id));
  await second.updates('chat:1', noon);
  expect(seen).toEqual([]);
  // Its session dies as with the process: the chat is free at once.
  await stage.world.database.sql`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
  await until(async () => {
    await second.updates('chat:1', noon);
    return seen.length === 2;
  });
  cut!();
  await hanging;
  expect(seen).toEqual([1, 2]);
});

it('lets one of two poll, and the other take over', async () => {
  const [one, two] = [poll(), poll()];
  await until(() => one.leading() || two.leading());
  for (let n = 0; n < 5; n++) sandbox.person(11).say(String(n));
  await until(async () => (await rows()).length === 5);
  expect([one.leading(), two.leading()].filter(Boolean)).toHaveLength(1);
  expect(sandbox.ledger.filter(({ method, ok }) => method === 'getUpdates' && !ok)).toEqual([]);
  const [leader, other] = one.leading() ? [one, two] : [two, one];
  await leader.stop();
  await until(() => other.leading());
  sandbox.person(11).say('after');
  await until(async () => (await rows()).length === 6);
});

it('bears with 409, failures and a Telegram that is gone', async () => {
  const ana = sandbox.person(11);
  sandbox.faults.next(
    2,
    { status: 409, description: 'Conflict: terminated by other getUpdates request' },
    {
      method: 'getUpdates',
    },
  );
  sandbox.faults.next(1, 'reset-before', { method: 'getUpdates' });
  sandbox.faults.next(1, { status: 502, description: 'Bad Gateway' }, { method: 'getUpdates' });
  poll();
  ana.say('one');
  await until(async () => (await rows()).length === 1);
  await sandbox.faults.down(true);
  await sandbox.faults.down(false);
  ana.say('two');
  await until(async () => (await rows()).length === 2);
  expect(await texts()).toEqual(['one', 'two']);
});

it('takes the lead again when its connection to the database breaks', async () => {
  const poller = poll();
  await until(() => poller.leading());
  await stage.world.database.sql`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
  await until(() => !poller.leading());
  sandbox.person(11).say('still there');
  await until(async () => (await rows()).length === 1);
  await until(() => poller.leading());
});

it('loses nothing when it is stopped in the middle, many times', async () => {
  const ana = sandbox.person(11);
  for (let n = 0; n < 40; n++) {
    ana.say(String(n));
    if (n % 4 !== 0) continue;
    const poller = poll();
    await until(() => poller.leading());
    await poller.stop();
  }
  poll();
  await until(async () => (await rows()).length === 40);
  expect(await texts()).toEqual(Array.from({ length: 40 }, (_, n) => String(n)));
});

it('does not let Telegram forget what could not be kept', async () => {
  const { sql } = stage.world.database;
  const asked = () => sandbox.ledger.filter(({ method }) => method === 'getUpdates').length;
  await sql`alter table updates rename to updates_away`;
  try {
    poll();
    sandbox.person(11).say('kept by Telegram');
    await until(() => asked() >= 2);
  } finally {
    await sql`alter table updates_away rename to updates`;
  }
  await until(async () => (await rows()).length === 1);
});

it('takes a webhook’s updates only with the secret, and only what is one', async () => {
  const door = webhookDoor(stage.world, 'right-secret', () => noon);
  const ask = (body: string | Uint8Array, secret?: string) =>
    door(
      new Request('http://here/telegram', {
        method: 'POST',
        body,
        headers: secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret },
      }),
    );
  const good = JSON.stringify(message(5, 1));
  for (const secret of [undefined, '', 'wrong', 'right-secret ', 'right-secre']) {
    // A header's outer blanks are not part of it.
    const status = secret === 'right-secret ' ? 200 : 401;
    expect((await ask(good, secret)).status, secret).toBe(status);
  }
  await stage.world.database.sql`truncate updates`;
  expect((await ask(good, 'right-secret')).status).toBe(200);
  expect((await ask(good, 'right-secret')).status).toBe(200);
  expect((await ask('{', 'right-secret')).status).toBe(400);
  expect((await ask('"text"', 'right-secret')).status).toBe(200);
  expect((await ask(new Uint8Array(1024 * 1024 + 1).fill(32), 'right-secret')).status).toBe(413);
  expect((await webhookDoor(stage.world, '', () => noon)(new Request('http://here'))).status).toBe(401);
  expect(await texts()).toEqual(['5']);
});

it('lets Telegram forget only what is on disk: by a commit of what was handled, or by one for it alone', async () => {
  const { database } = stage.world;
  let alone = 0;
  const db = new Proxy(database.db, {
    get(target, name) {
      const found = Reflect.get(target, name);
      if (name !== 'execute') return found;
      return (statement: unknown) => {
        if (JSON.stringify(statement).includes('pg_logical_emit_message')) alone++;
        return found.call(target, statement);
      };
    },
  });
  const world = { ...stage.world, database: { ...database, db } };
  let letGo = () => {};
  const hanging = new Promise<void>((resolve) => (letGo = resolve));
  const slow = updatesWork(world, () => hanging);
  await slow.keep([message(1, 1), message(2, 2)], noon);
  expect(alone).toBe(1);
  letGo();
  await slow.idle();
  const fast = updatesWork(world, async () => {});
  for (let number = 3; number < 8; number++) {
    const before = alone;
    await fast.keep([message(number, number)], noon);
    const [kept] = await database.sql`select done_at from updates where update_id = ${number}`;
    expect(alone > before || kept!.done_at !== null).toBe(true);
  }
  await fast.idle();
});

it('is brought updates by the sandbox as a webhook', async () => {
  const { createServer } = await import('node:http');
  const door = webhookDoor(stage.world, 'right-secret', () => noon);
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const headers = request.headers as Record<string, string>;
    const answer = await door(
      new Request('http://here', { method: 'POST', body: Buffer.concat(parts), headers }),
    );
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const set = await setWebhook(telegram, { url: `http://127.0.0.1:${port}/hook`, secret: 'right-secret' });
  expect(set).toMatchObject({ ok: true });
  sandbox.person(11).say('one');
  sandbox.person(11).say('two');
  await until(async () => (await rows()).length === 2);
  expect(await texts()).toEqual(['one', 'two']);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('keeps and logs of a failed query what the database said, never what was asked', async () => {
  const logged: unknown[] = [];
  const { log } = stage.world;
  const keepLine = (fields: object) => void logged.push(fields);
  stage.world.log = { ...log, warn: keepLine, error: keepLine };
  try {
    await keep(stage.world, [message(1, 1)], noon);
    const { updates } = updatesWork(stage.world, async () => {
      const cause = Object.assign(new Error('duplicate key'), { name: 'PostgresError', code: '23505' });
      throw new DrizzleQueryError('insert into invitations values ($1)', ['canary'], cause);
    });
    await updates('chat:1', noon);
  } finally {
    stage.world.log = log;
  }
  expect((await rows())[0]!.error).toBe('PostgresError 23505: duplicate key');
  expect(logged).toHaveLength(1);
});

it('keeps text that PostgreSQL refuses, and forgets old updates only when they were handled', async () => {
  await keep(stage.world, [message(1, 1, 'a\u0000b \ud800'), message(2, 1), { no: 'update' }, null, 7], noon);
  expect(await texts()).toEqual(['ab \ufffd', '2']);
  const { sql } = stage.world.database;
  await sql`update updates set done_at = ${new Date(noon).toISOString()} where update_id = 1`;
  expect(await trimUpdates(stage.world.database.db, noon)).toBe(0);
  const day = 86_400_000;
  await trimChat(stage.world.database.db, noon + 2 * day);
  expect(await rows()).toHaveLength(2);
  await trimChat(stage.world.database.db, noon + 2 * day + 1);
  expect(await texts()).toEqual(['2']);
});
