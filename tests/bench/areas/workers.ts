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
import { type BenchServer, fillEvents, fillRules, startServer } from '../ledger.ts';
import { eventNumber } from '../many-rules.ts';
import { cpuOf } from '../peers/process.ts';

const rules = 10_000;

export const workersArea: Area = {
  name: 'workers',
  title: 'a backlog through 1, 2 and 4 worker processes, and through 4 of which one is killed',
  async measure({ quick, say }) {
    const server = await startServer();
    try {
      const count = quick ? 3_000 : 20_000;
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
  /** Events most of which change alerts, and events that change next to nothing. */
  loud: Cost;
  calm: Cost;
  /** One number for everything that came of the events: changes of every alert, in order. */
  print: string;
  changes: number;
}

interface Cost {
  seconds: number;
  /** CPU microseconds of all workers, of PostgreSQL with its backends, and of the process with the clock. */
  workerUs: number;
  databaseUs: number;
  clockUs: number;
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
    const left = async () => {
      const [row] = await sql<{ left: number }[]>`
        select count(*)::int as left from events where processed_at is null and type like 'app%'`;
      return row!.left;
    };
    /** Lets them do all of it. `during` happens when half is done; whoever it ends is not counted. */
    const through = async (given: Event[], during?: () => Promise<void>): Promise<Cost> => {
      const before = cpu();
      await pour(database, given);
      const began = performance.now();
      if (during) {
        await until('half is done', async () => (await left()) < count / 2, 600_000);
        await during();
      }
      await until('nothing is left', async () => (await left()) === 0, 600_000);
      const seconds = (performance.now() - began) / 1_000;
      const after = cpu();
      return {
        seconds,
        workerUs: crew.reduce((sum, { pid }) => sum + after.crew.get(pid())! - before.crew.get(pid())!, 0),
        databaseUs: after.database - before.database,
        clockUs: after.clock - before.clock,
      };
    };
    const cpu = () => ({
      crew: new Map(crew.map(({ pid }) => [pid(), cpuOf(pid())])),
      database: cpuOf(server.pid, true),
      clock: cpuOf(clock.pid()),
    });

    // Of now: what is older than what is kept may be forgotten in the middle, and its changes with it.
    const began = Date.now();
    const numbered = Array.from({ length: 3 * count }, (_, i) => ({
      ...eventNumber(i, rules),
      receivedAt: began + i,
    }));
    const kill = async () => crew.shift()!.end('SIGKILL');
    const loud = await through(numbered.slice(0, count), killed ? kill : undefined);
    const still = { value: 30, state: 'up', unit: '%' };
    const stillness = numbered.slice(count).map((event) => ({ ...event, data: still }));
    // The first event of each key still ends what burns.
    await through(stillness.splice(0, count));
    const calm = await through(stillness);
    const changes = await sql<{ change: string }[]>`
      select a.rule_id || ' ' || a.topic || ' ' || a.subject || ' ' || t.change as change
      from transitions t join alerts a on a.id = t.alert_id order by a.rule_id, a.topic, a.subject, t.seq, t.id`;
    const print = createHash('sha256')
      .update(changes.map(({ change }) => change).join('\n'))
      .digest('hex');
    return { workers, killed, loud, calm, print: print.slice(0, 12), changes: changes.length };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

type Ledger = Awaited<ReturnType<BenchServer['ledger']>>;

async function pour(database: Ledger, given: Event[]): Promise<void> {
  const byLane: Event[][] = Array.from({ length: lanes }, () => []);
  for (const event of given) byLane[laneOf(event.fingerprint)]!.push(event);
  await database.db.transaction(async (tx) => {
    for (const [lane, all] of byLane.entries())
      for (let i = 0; i < all.length; i += 2_000) await fillEvents({ db: tx }, all.slice(i, i + 2_000), lane);
  });
}

function report(runs: Outcome[], count: number): Findings {
  const [alone] = runs;
  const same = runs.every(({ print }) => print === alone!.print);
  const table = (what: 'loud' | 'calm', title: string) => ({
    title: `${count.toLocaleString('en-US')} waiting events ${title}, ${rules.toLocaleString('en-US')} rules`,
    columns: [
      'workers',
      's',
      'events/s',
      'times one',
      'worker CPU µs/event',
      'PostgreSQL CPU µs/event',
      'cores in use',
    ],
    rows: runs.map((run): Cell[] => {
      const { seconds, workerUs, databaseUs, clockUs } = run[what];
      return [
        words(run.killed ? `${run.workers}, one killed` : String(run.workers)),
        number(seconds),
        number(count / seconds),
        number(alone![what].seconds / seconds),
        number(workerUs / count),
        number(databaseUs / count),
        number((workerUs + databaseUs + clockUs) / seconds / 1_000_000),
      ];
    }),
  });
  return {
    tables: [
      table('loud', 'that each change several alerts'),
      {
        ...table('calm', 'that change next to nothing'),
        notes: [
          `About ten rules look at each event; ${alone!.changes.toLocaleString('en-US')} changes of alerts came of it. A worker that is killed is not counted.`,
          'All processes and PostgreSQL (fsync on) share this machine’s cores: more workers help only as far as there are cores.',
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
