// Lanes that have work at the same moment go together, and nobody pays for a bad one or for another process.
import { isNull } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lanes } from '#core/event.ts';
import { setTrap } from '#core/failpoint.ts';
import { events, laneTroubles } from '#store/schema/events.ts';
import { RulesUnread } from '../../src/evaluate/evaluation.ts';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { laneOf, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

type Worker = ReturnType<typeof evaluateWork>;
const all = Array.from({ length: lanes }, (_, lane) => String(lane));
const ring = (work: Worker, now: number) => Promise.all(all.map((lane) => work.evaluate(lane, now)));

/** A subject for each lane. */
const subjects = all.map((lane) => {
  for (let i = 0; ; i++) if (String(laneOf(fingerprintOf(`/${lane}-${i}`))) === lane) return `/${lane}-${i}`;
});
function fingerprintOf(subject: string): string {
  return JSON.stringify(['cad', 'disk.usage', subject]);
}
const usage = (value: number, at: number, subject: string) => ({ at, subject, data: { usage: value } });
const everywhere = (value: number, at: number) => subjects.map((subject) => usage(value, at, subject));
const fired = (at: number, over: number) =>
  subjects.map((subject) => `["cad","${subject}","disk.usage"]: fired@${at} resolved@${over}`).sort();

/** A process of which every lane is known to end well. */
async function trusted(world = stage.world): Promise<Worker> {
  const work = evaluateWork(world);
  await stage.push(...everywhere(1, 1));
  await ring(work, 10);
  return work;
}

it('lanes that ring at the same moment are one transaction', async () => {
  await stage.rule();
  const work = await trusted();
  await stage.push(...everywhere(93, 1000));
  await ring(work, 2000);
  const [row] = await stage.world.database
    .sql`select count(distinct xmin::text)::int as n, count(*)::int as all from events where received_at > '1970-01-01 00:00:00.5Z' and processed_at is not null`;
  expect(row).toMatchObject({ n: 1, all: lanes });
  await work.close();
});

it('a poisoned event is put aside, and the other lanes are worked off all the same', async () => {
  await stage.rule();
  const work = await trusted();
  await stage.push(...everywhere(93, 1000));
  const [bad] = await stage.push({ ...usage(0, 1500, subjects[3]!), body: '{"data":' });
  await stage.push(...everywhere(10, 2000));
  await ring(work, 3000);
  expect((await stage.lives()).sort()).toEqual(fired(1000, 2000));
  const aside = await stage.world.database.sql`select seq::int from events where quarantined is not null`;
  expect(aside).toEqual([{ seq: bad }]);
  await work.close();
});

it('a lane on which another process ended goes alone, event by event', async () => {
  await stage.rule();
  const work = await trusted();
  const seqs = await stage.push(...everywhere(93, 1000));
  const { db } = stage.world.database;
  await db.insert(laneTroubles).values({ lane: 5, seq: seqs[5]!, attempts: 6, error: null });
  await ring(work, 2000);
  const rows = await db.select().from(events);
  expect(rows.filter(({ processedAt }) => processedAt === null)).toEqual([]);
  expect(rows.filter(({ quarantined }) => quarantined !== null).map(({ seq }) => seq)).toEqual([seqs[5]]);
  expect(await db.select().from(laneTroubles)).toEqual([]);
  await work.close();
});

it('two processes that ring all lanes at once tell each event once and in order', async () => {
  await stage.rule();
  const works = [await trusted(), await trusted(stage.second())];
  const rounds = Array.from({ length: 8 }, (_, i) => i);
  for (const i of rounds) {
    await stage.push(...everywhere(93, 1000 + i * 100));
    const early = works.map((work) => ring(work, 2000 + i * 100));
    await stage.push(...everywhere(10, 1050 + i * 100));
    await Promise.all([...early, ...works.map((work) => ring(work, 2000 + i * 100))]);
  }
  const expected = rounds.flatMap((i) => fired(1000 + i * 100, 1050 + i * 100)).sort();
  expect((await stage.lives()).sort()).toEqual(expected);
  await Promise.all(works.map((work) => work.close()));
});

it('what no rule asks about goes by the thousand, and what one asks about not', async () => {
  await stage.rule({ topic: 'mixed', match: [{ field: 'loud', op: '=', value: 'yes' }] });
  const work = await trusted();
  const quiet = Array.from({ length: 1_400 }, (_, i) => ({
    at: 1000,
    type: 'mixed',
    subject: `q${i}`,
    data: { usage: 95 },
  }));
  const loud = Array.from({ length: 600 }, (_, i) => ({
    at: 1000 + i,
    type: 'mixed',
    subject: `l${i % 300}`,
    data: { usage: i < 300 ? 93 : 10, loud: 'yes' },
  }));
  const seqs = await stage.push(...quiet, ...loud);
  await ring(work, 2000);
  const batches = await stage.world.database.sql<{ all: number; loud: number }[]>`
    select count(*)::int as all, (count(*) filter (where matched > 0))::int as loud from events
    where seq >= ${seqs[0]!} and processed_at is not null group by xmin::text`;
  expect(batches.reduce((sum, { all }) => sum + all, 0)).toBe(2_000);
  expect(Math.max(...batches.map(({ all }) => all))).toBe(1_000);
  expect(Math.max(...batches.map((batch) => batch.loud))).toBeLessThanOrEqual(250);
  const lives = await stage.lives();
  expect(lives).toHaveLength(300);
  expect(lives.every((life) => /fired@1\d+ resolved@1\d+$/.test(life))).toBe(true);
  await work.close();
});

it.each([
  ['a rule speaks about', 93],
  ['no rule says anything about', 10],
])('what ends before the commit has written nothing of an event that %s', async (_, value) => {
  await stage.rule();
  const work = await trusted();
  await stage.push(usage(value, 1000, subjects[0]!));
  const places: string[] = [];
  setTrap((at) => {
    places.push(at);
    if (at === 'drain.before_commit') throw new RulesUnread('it ends here');
  });
  try {
    await expect(work.evaluate('0', 2000)).rejects.toThrow();
  } finally {
    setTrap(undefined);
  }
  expect(places).not.toContain('drain.after_write');
  const { db } = stage.world.database;
  const waiting = () => db.select({ seq: events.seq }).from(events).where(isNull(events.processedAt));
  expect(await waiting()).toHaveLength(1);
  expect(await stage.lives()).toEqual([]);
  await work.evaluate('0', 2000);
  expect(await waiting()).toEqual([]);
  expect(await stage.lives()).toHaveLength(value > 90 ? 1 : 0);
  await work.close();
});
