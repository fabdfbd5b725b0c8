// Who goes first when much waits: a storm of one topic holds up neither the other topics of its lane nor the other lanes.
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { inTurns, oldestWaiting } from '../../src/store/lanes.ts';
import { laneOf, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

// The stage gives fingerprints that are one letter to lanes of their own; these all go to the same one.
const fingerprint = 'one';
const lane = laneOf(fingerprint);
const push = async (given: { type: string; fingerprint?: string }[]) => {
  const seqs = await stage.push(
    ...given.map(({ type, fingerprint: own = fingerprint }, i) => ({
      at: i,
      type,
      fingerprint: own,
      subject: `s${i}`,
      data: { usage: 50 },
    })),
  );
  await stage.world.database.sql`update events set lane = ${lane}`;
  return seqs;
};
const chosen = (limit: number) =>
  stage.world.database.db.transaction(async (tx) => {
    const { events } = await inTurns(tx, [lane], limit, await oldestWaiting(tx, [lane], limit));
    return events;
  });

it('a single event of another topic is among the next, though hundreds came before it', async () => {
  const storm = Array.from({ length: 300 }, (_, i) => ({ type: 'storm', fingerprint: `f${i}` }));
  const seqs = await push([...storm, { type: 'single', fingerprint: 'its own' }]);
  const next = (await chosen(20)).map(({ seq }) => seq);
  expect(next).toEqual([...seqs.slice(0, 19), seqs.at(-1)]);
  // One alone is the oldest, always: so a fault is found.
  expect((await chosen(1)).map(({ seq }) => seq)).toEqual(seqs.slice(0, 1));
});

it('events of one fingerprint are never overtaken by each other, and the oldest is always chosen', async () => {
  const one = fc.record({
    type: fc.constantFrom('a', 'b', 'c'),
    fingerprint: fc.constantFrom('f', 'g', 'h', 'i'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { minLength: 2, maxLength: 40 }),
      fc.integer({ min: 2, max: 20 }),
      async (given, limit) => {
        await stage.world.database.sql`truncate events`;
        const seqs = await push(given);
        const left = new Map(seqs.map((seq, i) => [seq, given[i]!.fingerprint]));
        while (left.size > 0) {
          const next = (await chosen(limit)).map(({ seq }) => seq);
          expect(next).toHaveLength(Math.min(limit, left.size));
          expect(next).toEqual([...next].sort((a, b) => a - b));
          expect(next[0]).toBe(Math.min(...left.keys()));
          for (const seq of next) {
            const earlier = [...left].filter(([other, own]) => other < seq && own === left.get(seq));
            expect(earlier.every(([other]) => next.includes(other))).toBe(true);
          }
          for (const seq of next) left.delete(seq);
          await stage.world.database
            .sql`update events set processed_at = now() where seq in ${stage.world.database.sql(next)}`;
        }
      },
    ),
    { numRuns: 15 },
  );
});

it('a lane with much to do gives way while others wait, and rings for itself', async () => {
  await push(Array.from({ length: 450 }, (_, i) => ({ type: 'storm', fingerprint: `f${i}` })));
  let others = true;
  const work = evaluateWork(
    stage.world,
    async () => {},
    () => others,
  );
  const left = async () => {
    const [row] = await stage.world.database
      .sql`select count(*)::int as n from events where processed_at is null`;
    return row!.n as number;
  };
  await work.evaluate(String(lane), 1_000);
  expect(await left()).toBe(250);
  expect(stage.rung).toContainEqual({ job: 'evaluate', id: String(lane) });
  others = false;
  await work.evaluate(String(lane), 2_000);
  expect(await left()).toBe(0);
  await work.close();
});
