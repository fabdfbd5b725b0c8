// A stop in good order: what is being sent is sent to the end, and nothing new begins.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startApp } from '#app.ts';
import { readConfig } from '#config.ts';
import { openMetrics } from '#metrics.ts';
import { openDatabase } from '#store/connection.ts';
import { addNote } from '#store/notes.ts';
import { savePerson } from '#store/people.ts';
import { addReceiver } from '#store/receivers.ts';
import { deliveries } from '#store/schema/notifications.ts';
import { freshDatabase } from '../harness/database.ts';
import { readEvents } from '../harness/event-source.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { until } from '../harness/until.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const log = { debug() {}, info() {}, warn() {}, error() {} };

/** Answers everything, and messages only after a while. */
async function slowTelegram(ms: number) {
  const server = createServer((request, response) => {
    const method = request.url?.split('/').at(-1);
    const result =
      method === 'getMe'
        ? { id: 1, is_bot: true, first_name: 'T', username: 't_bot' }
        : method === 'getUpdates'
          ? []
          : method === 'sendMessage'
            ? { message_id: 7 }
            : true;
    request.resume();
    request.on('end', () => {
      const wait = method === 'sendMessage' ? ms : method === 'getUpdates' ? 200 : 0;
      setTimeout(() => response.end(JSON.stringify({ ok: true, result })), wait);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The whole program in this process, on this database and Bot API. */
async function startOn(databaseUrl: string, apiRoot: string, dataDir: string) {
  const read = readConfig({
    DATABASE_URL: databaseUrl,
    TELEGRAM_BOT_TOKEN: `110201543:${'A'.repeat(35)}`,
    TELEGRAM_API_ROOT: apiRoot,
    BOOTSTRAP_API_KEY: 'a-key-from-the-environment',
    DATA_DIR: dataDir,
    PORT: '0',
  });
  if (!read.ok) throw new Error(read.faults.join());
  const app = await startApp(read.config, {
    now: Date.now,
    chance: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    log,
    metrics: openMetrics(),
    pid: process.pid,
  });
  closers.push(() => app.stop());
  return app;
}

/** On a fresh database, beside a Telegram that takes so long for a message; all of it is ended with the test. */
async function startWith(ms: number) {
  const fresh = await freshDatabase();
  closers.push(() => fresh.drop());
  const telegram = await slowTelegram(ms);
  closers.push(() => telegram.stop());
  const folder = temporaryFolder('stop');
  closers.push(() => folder.remove());
  const database = openDatabase(fresh.connection, 2);
  closers.push(() => database.close());
  const app = await startOn(fresh.url, telegram.apiRoot, folder.path);
  const attempts = async () =>
    (await database.db.select().from(deliveries)).filter(({ channel }) => channel === 'telegram');
  return { app, database, attempts };
}

it('lets messages that are in the air arrive: no attempt is left unknown', async () => {
  const { app, database, attempts } = await startWith(700);
  for (let id = 1; id <= 5; id++) {
    const person = { name: `P${id}`, username: null, role: 'member', zone: 'UTC', morning: 540 } as const;
    const rest = { quiet: null, createdAt: 1, leftAt: null };
    await savePerson(database.db, { id: `p_${id}`, telegramId: id, ...person, ...rest });
    const place = { channel: 'telegram', address: String(id), label: `P${id}`, createdAt: 1 };
    await addReceiver(database.db, { id: `v_${id}`, ownerId: `p_${id}`, ...place });
  }
  for (let id = 1; id <= 5; id++) await addNote(database.db, `v_${id}`, 'hello', 'info', Date.now());
  await until('messages are in the air', async () =>
    (await attempts()).some(({ outcome }) => outcome === 'sending'),
  );
  await app.stop();
  const outcomes = (await attempts()).map(({ outcome }) => outcome);
  expect(outcomes.length).toBeGreaterThan(0);
  expect(new Set(outcomes)).toEqual(new Set(['sent']));
}, 60_000);

it('begins no other message while it ends: the next process sends the rest', async () => {
  // So slow that the pace never says later.
  const { app, database, attempts } = await startWith(1_500);
  const person = { name: 'P', username: null, role: 'member', zone: 'UTC', morning: 540 } as const;
  await savePerson(database.db, {
    id: 'p',
    telegramId: 1,
    ...person,
    quiet: null,
    createdAt: 1,
    leftAt: null,
  });
  const place = { channel: 'telegram', address: '1', label: 'P', createdAt: 1 };
  await addReceiver(database.db, { id: 'v', ownerId: 'p', ...place });
  for (const word of ['one', 'two', 'three', 'four', 'five', 'six'])
    await addNote(database.db, 'v', word, 'info', Date.now());
  await until('the first is in the air', async () => (await attempts()).length > 0);
  await app.stop();
  // One more may have begun between the look and the stop.
  const outcomes = (await attempts()).map(({ outcome }) => outcome);
  expect(outcomes.length).toBeLessThanOrEqual(2);
  expect(new Set(outcomes)).toEqual(new Set(['sent']));
}, 60_000);

it('ends the streams of its readers, who hold nothing up', async () => {
  const { app } = await startWith(0);
  const headers = { authorization: 'Bearer a-key-from-the-environment' };
  const reader = await readEvents(`${app.facts.url}/v1/stream`, headers);
  await until('it reads', () => reader.heard.some(({ event }) => event === 'ready'));
  await app.stop();
  // The door cuts off after seconds what does not end by itself.
  expect(await reader.ended).toBe('ended');
}, 60_000);
