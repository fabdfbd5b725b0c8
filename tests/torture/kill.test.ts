// kill -9 of the program and of PostgreSQL, and a lost queue, in the middle of 1,000 events: nothing is lost.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { program } from '../harness/program.ts';
import { type RedisServer, redisAvailable, startRedis } from '../harness/redis.ts';
import { startTelegramProcess, type TelegramProcess } from '../harness/telegram-client.ts';
import { until } from '../harness/until.ts';
import {
  type Accepted,
  expectedChanges,
  history,
  ownerOf,
  people,
  pushAll,
  signUp,
  withoutBoards,
} from './river.ts';

const backends = [
  { name: 'queue on PostgreSQL', redis: false },
  { name: 'queue on Redis', redis: true },
].filter(({ redis }) => !redis || redisAvailable());

describe.each(backends)('$name', ({ redis: wantsRedis }) => {
  const data = temporaryFolder('torture');
  let telegram: TelegramProcess;
  let redis: RedisServer | undefined;
  let app: AppProcess;

  beforeAll(async () => {
    telegram = await startTelegramProcess({ journal: `${data.path}/telegram.jsonl` });
    redis = wantsRedis ? await startRedis() : undefined;
    app = await startAppProcess(`${data.path}/app`, {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.telegram.apiRoot,
      OWNER_IDS: people.map(ownerOf).join(','),
      BOOTSTRAP_API_KEY: 'torture-key-0123456789',
      ...(redis ? { REDIS_URL: redis.url } : {}),
    });
    await signUp(telegram.telegram);
    await withoutBoards(app.url, 'torture-key-0123456789');
  }, 120_000);

  afterAll(async () => {
    await app?.stop();
    await redis?.stop();
    await telegram?.stop();
    data.remove();
  }, 60_000);

  it('every accepted event is processed once, in order per key, and every alert is told', async () => {
    // The next messages arrive and are never confirmed, so that a kill finds sends under way.
    const hang = () => telegram.telegram.faults.next(4, 'hang-after', { method: 'sendMessage' });
    const killWhileSending = async (before: number) => {
      await until('messages hang', async () => (await hanging(telegram)) >= before + 4);
      await app.kill();
      await app.start();
    };
    const mischief: [number, () => Promise<void>][] = [
      [150, hang],
      [200, () => killWhileSending(0)],
      [
        450,
        async () => {
          process.kill(app.postgresPid()!, 'SIGKILL');
          // Without its database the program either goes on once it is back, or ends and is started again.
          await Promise.race([
            app.ended(),
            until('it is ready again', async () => (await fetch(`${app.url}/readyz`)).ok),
          ]).catch(() => {});
          if (
            !(await fetch(`${app.url}/readyz`).then(
              (r) => r.ok,
              () => false,
            ))
          ) {
            await app.kill();
            await app.start();
          }
        },
      ],
      [
        600,
        async () => {
          await redis?.flushall();
        },
      ],
      [700, hang],
      [750, () => killWhileSending(4)],
    ];
    const events = history(1000);
    const key = 'torture-key-0123456789';
    const accepted = await pushAll(app.url, key, events.slice(0, 900), mischief);
    // The last hundred are accepted while nothing can be evaluated, and then every doorbell is lost.
    const release = await holdUp(`${data.path}/app`);
    accepted.push(...(await pushAll(app.url, key, events.slice(900), [])));
    expect(accepted).toHaveLength(1000);
    await redis?.flushall();
    await app.kill();
    await release();
    await app.start();

    const cli = await program('src/cli.ts');
    const doctor = () =>
      spawnSync(process.execPath, [...cli, 'doctor'], {
        env: { PATH: process.env.PATH ?? '', DATA_DIR: `${data.path}/app` },
        encoding: 'utf8',
      });
    const sql = ledgerOf(`${data.path}/app`);
    try {
      await until(
        'nothing waits',
        async () => {
          const [row] = await sql`select
          (select count(*)::int from events where processed_at is null) as events,
          (select count(*)::int from notifications where status not in ('sent','suppressed','dead')) as notifications`;
          return row!.events === 0 && row!.notifications === 0;
        },
        120_000,
      );
      await checkLedger(sql, accepted);
      await checkAttempts(sql, telegram);
    } finally {
      await sql.end();
    }
    await checkTold(telegram);
    const verdict = doctor();
    expect(verdict.stdout + verdict.stderr).not.toMatch(/Error/);
    expect(verdict.status, verdict.stdout).toBe(0);
  }, 300_000);
});

/** The embedded database of the program that runs in this folder. */
function ledgerOf(dataDir: string): postgres.Sql {
  const { database } = JSON.parse(readFileSync(`${dataDir}/run.json`, 'utf8')) as {
    database: { host: string; port?: number; user: string; database: string };
  };
  return postgres({ ...database, max: 2, onnotice: () => {} });
}

/** Lets events be taken and not evaluated, until the returned function is called; then some must have waited. */
async function holdUp(dataDir: string): Promise<() => Promise<void>> {
  const sql = ledgerOf(dataDir);
  const hold = await sql.reserve();
  await hold`begin`;
  await hold`lock table rule_states in exclusive mode`;
  return async () => {
    const [row] = await sql`select count(*)::int as waiting from events where processed_at is null`;
    hold.release();
    await sql.end({ timeout: 0 });
    expect(row!.waiting, 'events waited').toBeGreaterThan(50);
  };
}

async function checkLedger(sql: postgres.Sql, accepted: Accepted[]): Promise<void> {
  const stored = await sql`select event_id from events where type like 'disk.%'`;
  expect(new Set(stored.map((row) => row.event_id)).size, 'each accepted event is there once').toBe(
    accepted.length,
  );
  expect(stored).toHaveLength(accepted.length);
  const quarantined = await sql`select seq from events where quarantined is not null`;
  expect(quarantined).toHaveLength(0);
  const changes = await sql<{ topic: string; subject: string; change: string; seq: number }[]>`
    select a.topic, a.subject, t.change, t.seq::int from transitions t join alerts a on a.id = t.alert_id
    where a.topic like 'disk.%' order by t.id`;
  const byKey = new Map<string, string[]>();
  for (const { topic, subject, change } of changes)
    byKey.set(`${topic} ${subject}`, [...(byKey.get(`${topic} ${subject}`) ?? []), change]);
  for (const [key, wanted] of expectedChanges(accepted))
    expect(byKey.get(key) ?? [], `changes of ${key}`).toEqual(wanted);
  const unsent =
    await sql`select n.id, n.kind, n.status, n.reason from notifications n join alerts a on a.id = n.alert_id
    where n.kind = 'firing' and n.status <> 'sent' and n.reason is distinct from 'in-summary'`;
  expect(unsent, 'every alert was told').toEqual([]);
}

/** The alerts' messages that arrived, whoever asked for them. */
async function arrived(telegram: TelegramProcess) {
  const ledger = await telegram.telegram.ledger();
  return ledger.filter(
    ({ ok, method, params }) =>
      ok && method === 'sendMessage' && /^(<i>[^<]*<\/i>\n)?[🟠✅]/u.test(String(params.text)),
  );
}

async function hanging(telegram: TelegramProcess): Promise<number> {
  return (await telegram.telegram.ledger()).filter(({ fault }) => fault === 'hang-after').length;
}

/** Each message that arrived was an attempt that the ledger knew of before; what may be a repeat says so. */
async function checkAttempts(sql: postgres.Sql, telegram: TelegramProcess): Promise<void> {
  const messages = await arrived(telegram);
  const attempts = await sql<{ address: string; sent: number; unknown: number }[]>`
    select d.address, count(*) filter (where d.outcome = 'sent')::int as sent,
      count(*) filter (where d.outcome = 'unknown')::int as unknown
    from deliveries d join notifications n on n.id = d.notification_id
    where n.alert_id is not null group by d.address`;
  for (const { address, sent, unknown } of attempts) {
    const count = messages.filter(({ chatId }) => String(chatId) === address).length;
    expect(count, `messages in ${address}: no more than attempts`).toBeLessThanOrEqual(sent + unknown);
    expect(count, `messages in ${address}: no fewer than sent`).toBeGreaterThanOrEqual(sent);
  }
  const marked = messages.filter(({ params }) => /possible repeat/.test(String(params.text)));
  expect(marked.length, 'a repeat was needed, and said so').toBeGreaterThan(0);
  const unmarked = await sql`select notification_id from deliveries where outcome in ('sent','unknown')
    group by notification_id having count(*) filter (where not marked) > 1`;
  expect(unmarked, 'every further attempt was marked').toEqual([]);
}

async function checkTold(telegram: TelegramProcess): Promise<void> {
  const ledger = await telegram.telegram.ledger();
  const sends = ledger.filter(
    (entry) => entry.ok && entry.method === 'sendMessage' && /disk/.test(String(entry.params.text)),
  );
  const seen = new Map<string, number>();
  for (const entry of sends) {
    // “3 s ago” differs from one repeat to the next; the instant behind it does not.
    const text = String(entry.params.text).replace(/(unix="\d+" format="r">)[^<]*/g, '$1');
    const key = `${entry.chatId}|${text}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const repeats = [...seen].filter(
    ([text, count]) => count > 1 && !/possible repeat/.test(text) && !/Watching|I tell you/.test(text),
  );
  expect(repeats, 'no message came twice without saying so').toEqual([]);
  expect(
    ledger.filter((entry) => entry.error?.code === 429),
    'the program kept to Telegram’s limits',
  ).toHaveLength(0);
}
