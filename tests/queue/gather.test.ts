// Bells that ring while others are written, or a moment later, are written together.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { gatherer } from '#queue/gather.ts';
import { until } from '../harness/until.ts';

/** Rests that end when they are told to. */
function resting() {
  const rests: { ms: number; end: () => void }[] = [];
  const rest = (ms: number) => new Promise<void>((end) => rests.push({ ms, end }));
  return { rests, rest };
}

it('writes the first bell at once, and what rings in the moment after it as one', async () => {
  const written: string[][] = [];
  const { rests, rest } = resting();
  const { ring, idle } = gatherer(
    async (_job, ids) => void written.push(ids),
    () => {},
    { restMs: 300, rest },
  );
  ring([{ job: 'evaluate', id: '1' }]);
  await turn();
  expect(written).toEqual([['1']]);
  for (const id of ['2', '3', '2']) {
    ring([{ job: 'evaluate', id }]);
    await turn();
  }
  expect(written).toHaveLength(1);
  expect(rests.map(({ ms }) => ms)).toEqual([300]);
  rests[0]!.end();
  await until('they are written', () => rests.length === 2);
  expect(written[1]).toEqual(['2', '3']);
  rests[1]!.end();
  await idle();
});

it('rests for longer after a write that took long, up to a bound', async () => {
  const { rests, rest } = resting();
  const { ring, idle } = gatherer(
    () => new Promise((resolve) => setTimeout(resolve, 10)),
    () => {},
    { restMs: 0, mostMs: 150, rest },
  );
  ring([{ job: 'evaluate', id: '1' }]);
  await until('it rests', () => rests.length === 1);
  expect(rests[0]!.ms).toBe(150);
  rests[0]!.end();
  await idle();
});
