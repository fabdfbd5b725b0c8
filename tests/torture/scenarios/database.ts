// PostgreSQL dies, forgets its connections, answers into nowhere, is silent or quarrels, while events flow.
import type { AppProcess } from '../../harness/app-process.ts';
import { until } from '../../harness/until.ts';
import { answers } from '../answers.ts';
import { judge, quiet } from '../judge.ts';
import { crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage, type Stage } from '../stage.ts';
import { atMost, exactly, type Scenario, told } from './scenario.ts';

const sizes = { short: { crashes: 5, events: 1_200 }, release: { crashes: 50, events: 20_000 } };
const who = crowd(8);
/** Ten are promised; a machine that is busy with other things may need longer without anything being wrong. */
const generous = 20;

export const database: Scenario = {
  name: 'database',
  title: 'PostgreSQL crashes, falls silent, loses its answers and its connections',
  covers: ['F14', 'F15', 'F16', 'F17'],
  async run({ seed, queue, profile, say }) {
    const { crashes, events: count } = sizes[profile];
    const stage = await openStage({ queue, people: who.length });
    try {
      const app = await stage.program('app');
      await armQuarrels(stage);
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(app.url, stage.key);
      const seen = answers();
      const healed: Record<string, number> = {};
      const blows: [string, () => Promise<void>][] = [
        ...Array.from({ length: crashes }, (): [string, () => Promise<void>] => [
          'crash',
          () => crash(stage),
        ]),
        ['lost answers', () => loseAnswers(stage)],
        ['forgotten connections', async () => stage.ledger.proxy.abandon()],
        ['connections that neither side knows to be dead', async () => stage.ledger.proxy.deafen()],
        ['silence', () => silence(stage, 8_000)],
        ['cut connections', async () => stage.ledger.proxy.cut()],
        ['no room for connections', () => crowdOut(stage)],
        ['quarrels', () => quarrel(stage)],
      ];
      const strikes = blows.map(([name, strike], i): [number, () => Promise<void>] => [
        Math.floor(((i + 1) * count) / (blows.length + 1)),
        async () => {
          await strike();
          const seconds = await recovery(stage, app);
          healed[name] = Math.max(healed[name] ?? 0, seconds);
          say(`${name}: taken, evaluated and ready again after ${seconds} s`);
        },
      ]);
      const accepted = await pushAll(app.url, stage.key, history(count, seed, who), strikes, {
        seen: seen.note,
        pauseMs: 300,
      });
      await quiet(stage, profile === 'short' ? 180_000 : 3_600_000);
      return [
        told('answers', seen.all()),
        exactly('answers 500', seen.count(500), 0),
        exactly('events not accepted', count - accepted.length, 0),
        atMost('slowest refusal', seen.slowest((status) => status === 503) / 1_000, generous, ' s'),
        told('answers to commits that were swallowed', stage.ledger.proxy.swallowed()),
        ...Object.entries(healed).map(([name, seconds]) =>
          atMost(`recovery after ${name}, at most`, seconds, generous, ' s'),
        ),
        ...(await judge(stage, accepted)),
      ];
    } finally {
      await stage.close();
    }
  },
};

async function crash({ ledger }: Stage): Promise<void> {
  await ledger.crash();
  await ledger.start();
}

/** What was committed is not confirmed: neither to those who take events nor to those who evaluate. */
async function loseAnswers({ ledger: { proxy } }: Stage): Promise<void> {
  for (const text of ['COMMIT\0', 'INSERT 0 1\0', 'COMMIT\0', 'COMMIT\0', 'INSERT 0 ']) {
    const before = proxy.swallowed();
    proxy.swallow(text, 1);
    await until('an answer was swallowed', () => proxy.swallowed() > before, 10_000).catch(() => {});
  }
  proxy.swallow('', 0);
}

async function silence({ ledger: { proxy } }: Stage, ms: number): Promise<void> {
  proxy.be('blackhole');
  await new Promise((resolve) => setTimeout(resolve, ms));
  proxy.be('pass');
}

/** Every new connection hears that there are too many. */
async function crowdOut({ ledger: { proxy } }: Stage): Promise<void> {
  proxy.greet(fatal('53300', 'sorry, too many clients already'), 30);
  proxy.cut();
}

function fatal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

const tables = [
  'events',
  'rule_states',
  'alerts',
  'transitions',
  'notifications',
  'deliveries',
  'copies',
  'budgets',
  'updates',
];

/** Lets every seventh write to a table of the ledger collide with somebody, really, while the switch is on. */
async function armQuarrels({ ledger }: Stage): Promise<void> {
  await ledger.sql().unsafe(`
    create sequence torture_quarrels;
    create table torture_switch as select false as is_on;
    create function torture_quarrel() returns trigger language plpgsql as $$
    declare n bigint;
    begin
      if not (select is_on from torture_switch) then return null; end if;
      n := nextval('torture_quarrels');
      if n % 14 = 0 then raise exception 'deadlock detected' using errcode = '40P01'; end if;
      if n % 7 = 0 then raise exception 'could not serialize access' using errcode = '40001'; end if;
      return null;
    end $$;
    ${tables.map((table) => `create trigger torture_quarrel after insert or update on ${table} for each statement execute function torture_quarrel();`).join('\n')}`);
}

async function quarrel({ ledger }: Stage): Promise<void> {
  await ledger.sql()`update torture_switch set is_on = true`;
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  await ledger.sql()`update torture_switch set is_on = false`;
}

/** Seconds until an event is taken and evaluated again, and the program says that it is ready. */
async function recovery({ ledger, key }: Stage, app: AppProcess): Promise<number> {
  const began = performance.now();
  const id = `probe-${Math.round(began)}`;
  await until(
    'an event is taken again',
    async () => {
      const answer = await fetch(`${app.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ id, type: 'probe.recovery', subject: id, data: {} }),
        signal: AbortSignal.timeout(20_000),
      });
      return answer.status === 202;
    },
    120_000,
  );
  await until(
    'it is evaluated',
    async () =>
      (await ledger.sql()`select 1 from events where event_id = ${id} and processed_at is not null`).length >
      0,
    120_000,
  );
  await until('it is ready', async () => (await fetch(`${app.url}/readyz`)).ok, 60_000);
  return Math.round((performance.now() - began) / 100) / 10;
}
