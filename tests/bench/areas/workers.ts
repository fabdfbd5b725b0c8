// One, two and four worker processes on the same backlog: how fast, at what cost, and whether they make the same of it.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Event, lanes } from '#core/event.ts';
import { laneOf } from '#store/events.ts';
import { type RoomProcess, startRoomProcess } from '../../harness/app-process.ts';
import { databaseUrl } from '../../harness/database-url.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { redisAvailable, startRedis } from '../../harness/redis.ts';
import { startTelegramProcess } from '../../harness/telegram-client.ts';
import { until } from '../../harness/until.ts';
import { type Area, type Cell, type Findings, number, words } from '../area.ts';
import { cpuOf, cpuOfFamily } from '../cpu.ts';
import { type BenchServer, fillEvents, fillRules, startServer } from '../ledger.ts';
import { eventNumber } from '../many-rules.ts';

const rules = 10_000;

export const workersArea: Area = {
  name: 'workers',
  title: 'a backlog through 1, 2 and 4 worker processes, and through 4 of which one is killed',
  async measure({ quick, say }) {
    const server = await startServer();
    try {
      const count = quick ? 4_000 : 20_000;
      const runs: Outcome[] = [];
      for (const { workers, killed } of [
        { workers: 1, killed: false },
        { workers: 2, killed: false },
        { workers: 4, killed: false },
        { workers: 4, killed: true },
      ]) {
        say(`${workers} workers${killed ? ', one killed' : ''}`);
        runs.push(await drain(server, count, workers, killed));
      }
      return report(runs, count);
    } finally {
      await server.stop();
    }
  },
};

interface Outcome {
  workers: number;
  killed: boolean;
  seconds: number;
  /** CPU milliseconds of all workers, of PostgreSQL, and of the queue. */
  workerMs: number;
  databaseMs: number;
  frontMs: number;
  /** One number for everything that came of the events: changes of every alert, in order. */
  print: string;
  changes: number;
}

/** Writes the whole backlog at once, while the workers stand ready, and waits until nothing of it is left. */
async function drain(server: BenchServer, count: number, workers: number, killed: boolean): Promise<Outcome> {
  const closers: (() => unknown)[] = [];
  try {
    const data = temporaryFolder('workers');
    closers.push(() => data.remove());
    const database = await server.ledger();
    await fillRules(database, rules);
    const redis = redisAvailable() ? await startRedis() : undefined;
    closers.push(() => redis?.stop());
    const telegram = await startTelegramProcess();
    closers.push(() => telegram.stop());
    const variables = {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.telegram.apiRoot,
      BOOTSTRAP_API_KEY: 'workers-key-0123456789',
      ENCRYPTION_KEYS: `shared:${Buffer.alloc(32, 7).toString('base64')}`,
      DATABASE_URL: databaseUrl(database.connection),
      ...(redis ? { REDIS_URL: redis.url } : {}),
    };
    const start = async (name: string, roles: string) => {
      const room = await startRoomProcess(path.join(data.path, name), { ...variables, ROLES: roles });
      closers.push(() => room.end('SIGTERM'));
      return room;
    };
    const clock = await start('clock', 'clock');
    const crew: RoomProcess[] = [];
    for (let i = 0; i < workers; i++) crew.push(await start(`worker${i}`, 'worker'));

    const { sql } = database;
    const cpu = () => ({
      workers: crew.reduce((sum, { pid }) => sum + cpuOf(pid()), 0),
      database: cpuOfFamily(server.pid),
      front: cpuOf(clock.pid()),
    });
    const left = async () => {
      const [row] = await sql<{ left: number }[]>`
        select count(*)::int as left from events where processed_at is null and type like 'app%'`;
      return row!.left;
    };
    const before = cpu();
    await pour(database, count);
    const began = performance.now();
    if (killed) {
      await until('half is done', async () => (await left()) < count / 2, 300_000);
      const [first] = crew.splice(0, 1);
      before.workers -= cpuOf(first!.pid());
      await first!.end('SIGKILL');
    }
    await until('nothing is left', async () => (await left()) === 0, 600_000);
    const seconds = (performance.now() - began) / 1_000;
    const after = cpu();
    const changes = await sql<{ change: string }[]>`
      select a.rule_id || ' ' || a.topic || ' ' || a.subject || ' ' || t.change as change
      from transitions t join alerts a on a.id = t.alert_id order by a.rule_id, a.topic, a.subject, t.seq, t.id`;
    const print = createHash('sha256')
      .update(changes.map(({ change }) => change).join('\n'))
      .digest('hex');
    return {
      workers,
      killed,
      seconds,
      workerMs: after.workers - before.workers,
      databaseMs: after.database - before.database,
      frontMs: after.front - before.front,
      print: print.slice(0, 12),
      changes: changes.length,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

type Ledger = Awaited<ReturnType<BenchServer['ledger']>>;

async function pour(database: Ledger, count: number): Promise<void> {
  const given = Array.from({ length: count }, (_, i) => eventNumber(i, rules));
  const byLane: Event[][] = Array.from({ length: lanes }, () => []);
  for (const event of given) byLane[laneOf(event.fingerprint)]!.push(event);
  await database.db.transaction(async (tx) => {
    for (const [lane, all] of byLane.entries())
      for (let i = 0; i < all.length; i += 2_000) await fillEvents({ db: tx }, all.slice(i, i + 2_000), lane);
  });
}

function report(runs: Outcome[], count: number): Findings {
  const [alone] = runs;
  const rows: Cell[][] = runs.map((run) => [
    words(run.killed ? `${run.workers}, one killed` : String(run.workers)),
    number(run.seconds),
    number(count / run.seconds),
    number(alone!.seconds / run.seconds),
    number((run.workerMs * 1_000) / count),
    number((run.databaseMs * 1_000) / count),
    number((run.workerMs + run.databaseMs + run.frontMs) / run.seconds / 1_000),
    number(run.changes),
    words(run.print),
  ]);
  const same = runs.every(({ print }) => print === alone!.print);
  return {
    tables: [
      {
        title: `${count.toLocaleString('en-US')} waiting events, ${rules.toLocaleString('en-US')} rules`,
        columns: [
          'workers',
          's',
          'events/s',
          'times one',
          'worker CPU µs/event',
          'PostgreSQL CPU µs/event',
          'cores in use',
          'changes',
          'print',
        ],
        rows,
        notes: [
          'About ten rules look at each event. All processes and PostgreSQL (fsync on) share this machine’s cores: what more',
          'workers give can be seen only as far as there are cores. Print: a hash over every change of every alert, in order.',
        ],
      },
    ],
    aims: [
      {
        what: 'the same changes in the same order, whatever the number of workers',
        must: 'one print',
        wish: 'one print',
        found: same ? 'one print' : runs.map(({ print }) => print).join(', '),
        holds: same,
      },
    ],
  };
}
