// One event stream, one worker or two of which one dies: the same alerts, the same changes in the same order, told once.
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LedgerEntry } from '#sandbox/telegram/index.ts';
import { type Database, openDatabase } from '#store/connection.ts';
import { examine } from '#store/doctor.ts';
import { type RoomProcess, startAppProcess, startRoomProcess } from '../harness/app-process.ts';
import { freshDatabase } from '../harness/database.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { redisAvailable, startRedis } from '../harness/redis.ts';
import { startTelegramProcess } from '../harness/telegram-client.ts';
import { until } from '../harness/until.ts';
import { expectedChanges, history, ownerOf, people, pushAll, signUp, withoutBoards } from './river.ts';

const backends = [
  { name: 'queue on PostgreSQL', redis: false },
  { name: 'queue on Redis', redis: true },
].filter(({ redis }) => !redis || redisAvailable());

const key = 'two-workers-key-0123456789';
// Processes on one ledger share the keys with which it seals.
const sealing = `shared:${Buffer.alloc(32, 7).toString('base64')}`;
const events = history(1000);

/** What came of the river: per key the changes in order, and which alerts each chat was told of, how often. */
interface Outcome {
  changes: Record<string, string[]>;
  told: string[];
  repeats: string[];
  wrong: string[];
  refused: number;
}

describe.each(backends)('$name', ({ redis: wantsRedis }) => {
  const closers: (() => unknown)[] = [];
  afterAll(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  }, 60_000);

  /** Lets the river flow through a front with these roles and some workers; `during` happens after 500 events. */
  async function flow(front: string, workers: number, during: (workers: RoomProcess[]) => Promise<void>) {
    const data = temporaryFolder('workers');
    closers.push(() => data.remove());
    const database = await freshDatabase();
    closers.push(() => database.drop());
    const redis = wantsRedis ? await startRedis() : undefined;
    closers.push(async () => redis?.stop());
    const telegram = await startTelegramProcess();
    closers.push(() => telegram.stop());
    const variables = {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.telegram.apiRoot,
      OWNER_IDS: people.map(ownerOf).join(','),
      BOOTSTRAP_API_KEY: key,
      ENCRYPTION_KEYS: sealing,
      DATABASE_URL: database.url,
      ...(redis ? { REDIS_URL: redis.url } : {}),
    };
    const app = await startAppProcess(path.join(data.path, 'front'), { ...variables, ROLES: front });
    closers.push(() => app.stop());
    const started: RoomProcess[] = [];
    for (let i = 0; i < workers; i++) {
      const worker = await startRoomProcess(path.join(data.path, `worker${i}`), {
        ...variables,
        ROLES: 'worker',
      });
      closers.push(() => worker.end('SIGTERM'));
      started.push(worker);
    }
    await signUp(telegram.telegram);
    await withoutBoards(app.url, key);
    const accepted = await pushAll(app.url, key, events, [[500, () => during(started)]]);
    expect(accepted).toHaveLength(events.length);
    const ledger = openDatabase(database.connection, 2);
    try {
      await until('nothing waits', () => nothingWaits(ledger), 120_000).catch((error: Error) => {
        throw new Error(`${error.message}\n${app.output().slice(-3_000)}`);
      });
      return await outcomeOf(ledger, await telegram.telegram.ledger());
    } finally {
      await ledger.close();
      for (const close of closers.splice(0).reverse()) await close();
    }
  }

  it('one process, and two workers of which one dies, make the same of the same events', async () => {
    const alone = await flow('http,worker,bot,clock', 0, async () => {});
    const apart = await flow('http,bot,clock', 2, ([first]) => first!.end('SIGKILL'));
    // What must come of it, from the events alone: neither run is the other's only witness.
    expect(alone.changes).toEqual(Object.fromEntries([...expectedChanges(events)].sort()));
    expect(apart.changes).toEqual(alone.changes);
    expect(alone.told.length).toBeGreaterThan(50);
    expect(apart.told).toEqual(alone.told);
    for (const { repeats, wrong, refused } of [alone, apart]) {
      expect(repeats, 'nothing came twice without saying so').toEqual([]);
      expect(wrong).toEqual([]);
      expect(refused, 'Telegram’s limits were kept').toBe(0);
    }
  }, 400_000);
});

/** True, or fails with what still waits. */
async function nothingWaits({ sql }: Database): Promise<boolean> {
  const waiting = await sql`
    select 'event' as what, seq::text as id, lane::text as state from events where processed_at is null
    union all select 'notification', id::text, kind || ' ' || status || ' ' || coalesce(not_before::text, '')
      from notifications where status not in ('sent','suppressed','dead')
    union all select 'edit', alert_id || ' ' || receiver_id, shown_rev || ' of ' || wanted_rev || ', ' || edit_after
      from copies where shown_rev < wanted_rev and message_id is not null limit 10`;
  if (waiting.length > 0) throw new Error(JSON.stringify(waiting));
  return true;
}

async function outcomeOf(database: Database, calls: LedgerEntry[]): Promise<Outcome> {
  const { sql } = database;
  const stored = await sql`select count(*)::int as count, count(distinct event_id)::int as different,
    count(quarantined)::int as aside from events where type like 'disk.%'`;
  expect(stored[0]).toEqual({ count: events.length, different: events.length, aside: 0 });
  const changes = await sql<{ name: string; change: string }[]>`
    select a.topic || ' ' || a.subject as name, t.change from transitions t join alerts a on a.id = t.alert_id
    where a.topic like 'disk.%' order by name, t.seq, t.id`;
  const byKey: Record<string, string[]> = {};
  for (const { name, change } of changes) {
    byKey[name] ??= [];
    byKey[name].push(change);
  }
  // The n-th alert of its key, whatever its id is in this run; once for each notification that went out.
  const told = await sql<{ name: string }[]>`
    with numbered as (select a.id, a.topic || ' ' || a.subject || ' no. ' ||
        row_number() over (partition by a.topic, a.subject order by min(t.id)) as name
      from alerts a join transitions t on t.alert_id = a.id where a.topic like 'disk.%' group by a.id)
    select name from notifications n join numbered on numbered.id = n.alert_id
    where n.kind = 'firing' and n.status = 'sent' order by name`;
  const sends = calls.filter(
    ({ ok, method, params }) => ok && method === 'sendMessage' && /^[🟠✅]/u.test(plain(params.text)),
  );
  const texts = new Map<string, number>();
  for (const { chatId, params } of sends) {
    // “3 s ago” differs from one repeat to the next; the instant behind it does not.
    const text = `${chatId} ${String(params.text).replace(/(format="r">)[^<]*/g, '$1')}`;
    texts.set(text, (texts.get(text) ?? 0) + 1);
  }
  return {
    changes: byKey,
    told: told.map(({ name }) => name),
    repeats: [...texts]
      .filter(([text, count]) => count > 1 && !/possible repeat/.test(text))
      .map(([text]) => text),
    wrong: await wrongs(database),
    refused: calls.filter(({ error }) => error?.code === 429).length,
  };
}

/** What the doctor finds wrong, without any grace; each minute a canary is on its way, which a second look finds no more. */
async function wrongs(database: Database): Promise<string[]> {
  const look = async () =>
    (await examine(database, Date.now(), 0))
      .filter(({ weight }) => weight === 'wrong')
      .map(({ check, text }) => `${check}: ${text}`);
  if ((await look()).length === 0) return [];
  await until('nothing waits', () => nothingWaits(database));
  return look();
}

function plain(html: unknown): string {
  return String(html).replace(/<[^>]*>/g, '');
}
