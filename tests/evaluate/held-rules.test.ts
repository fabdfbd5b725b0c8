// While one waits for a lock, others go on: neither a rule that is saved nor a lane that somebody has holds up a process.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lanes } from '#core/event.ts';
import { events } from '#store/schema/events.ts';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { until } from '../harness/until.ts';
import { laneOf, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const all = Array.from({ length: lanes }, (_, lane) => String(lane));
const subjects = all.map((lane) => {
  const name = (i: number) => `/${lane}-${i}`;
  const at = (i: number) => String(laneOf(JSON.stringify(['cad', 'disk.usage', name(i)])));
  for (let i = 0; ; i++) if (at(i) === lane) return name(i);
});
const usage = (at: number, lane: number) => ({ at, subject: subjects[lane]!, data: { usage: 93 } });

/** A process of which every lane is known to end well, with connections enough for some that wait. */
async function trusted() {
  const work = evaluateWork(stage.second(16));
  await stage.push(...all.map((_, lane) => usage(1, lane)));
  await Promise.all(all.map((lane) => work.evaluate(lane, 10)));
  return work;
}

/** Another process takes a lock and keeps it until what is returned is called. */
async function somebodyHas(lock: string): Promise<() => Promise<void>> {
  let free = () => {};
  const freed = new Promise<void>((resolve) => {
    free = resolve;
  });
  const { sql } = stage.second().database;
  let holding: Promise<unknown> = Promise.resolve();
  await new Promise<void>((had, failed) => {
    holding = sql.begin(async (tx) => {
      await tx.unsafe(lock);
      had();
      await freed;
    });
    holding.catch(failed);
  });
  return async () => {
    free();
    await holding;
  };
}
const somebodyHasLane = (lane: number) => somebodyHas(`select pg_advisory_xact_lock(7462003, ${lane})`);

/** So many wait for a lock, on lanes and rules or on a table. */
const waitForALock = (count: number) =>
  until('they wait for a lock', async () => {
    const [row] = await stage.world.database
      .sql`select count(*)::int as n from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`;
    return row?.n === count;
  });
const isProcessed = async (seq: number | undefined) =>
  (await stage.world.database.db.select().from(events)).some(
    (row) => row.seq === seq && row.processedAt !== null,
  );

it('a rule that is saved while a round has not come to the rules yet holds nobody up', async () => {
  await stage.rule();
  const work = await trusted();
  const free = await somebodyHas('lock table lane_troubles in access exclusive mode');
  await stage.push(usage(1000, 0));
  const round = work.evaluate('0', 2000);
  await waitForALock(1);
  // Who holds the rules meanwhile must not wait for the round: the round is to wait behind who saves.
  await work.due('all', 2000);
  await stage.rule({ id: 'r_new', name: 'new' });
  await free();
  await round;
  expect((await stage.lives()).filter((life) => life.includes(`"${subjects[0]}"`))).toHaveLength(2);
  await work.close();
});

it('a lane that another process has holds up neither the other lanes nor the timers', async () => {
  await stage.rule();
  const work = await trusted();
  const free = await somebodyHasLane(0);
  const [seq] = await stage.push(usage(1000, 0));
  const zero = work.evaluate('0', 2000);
  await waitForALock(1);
  const [other] = await stage.push(usage(1100, 5));
  await work.evaluate('5', 2000);
  await work.due('all', 2000);
  expect(await isProcessed(other)).toBe(true);
  expect(await isProcessed(seq)).toBe(false);
  await free();
  await zero;
  expect(await isProcessed(seq)).toBe(true);
  await work.close();
});

it('of many lanes that others have a few are waited for; the rest comes back with its bell', async () => {
  await stage.rule();
  const work = await trusted();
  const frees = [];
  for (let lane = 0; lane < 3; lane++) frees.push(await somebodyHasLane(lane));
  const [seq] = await stage.push(...[3, 0, 1, 2].map((lane) => usage(1000, lane)));
  const first = [0, 1, 2].map((lane) => work.evaluate(String(lane), 2000));
  await waitForALock(3);
  const free = await somebodyHasLane(3);
  // Nobody waits for it: what is told of it ends at once.
  await work.evaluate('3', 2000);
  expect(await isProcessed(seq)).toBe(false);
  await free();
  // Its holder let go, the three others are still waited for.
  await work.evaluate('3', 2000);
  expect(await isProcessed(seq)).toBe(true);
  await Promise.all(frees.map((one) => one()));
  await Promise.all(first);
  await work.close();
});

it('a lane that was not waited for is rung for when a place to wait is free again', async () => {
  await stage.rule();
  const work = await trusted();
  const frees = [];
  for (let lane = 0; lane < 3; lane++) frees.push(await somebodyHasLane(lane));
  const first = [0, 1, 2].map((lane) => work.evaluate(String(lane), 2000));
  await waitForALock(3);
  const free = await somebodyHasLane(3);
  await work.evaluate('3', 2000);
  stage.rung.length = 0;
  await frees[0]!();
  await until('its bell rings', () => stage.rung.some(({ job, id }) => job === 'evaluate' && id === '3'));
  await Promise.all([...frees, free].map((one) => one()));
  await Promise.all(first);
  await work.close();
});
