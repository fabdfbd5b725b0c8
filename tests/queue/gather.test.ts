// Bells that ring while others are written, or a moment later, are written together.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { gatherer } from '#queue/gather.ts';
import { until } from '../harness/until.ts';

it('writes the first bell at once, and what rings in the moment after it as one', async () => {
  const written: string[][] = [];
  const { ring, idle } = gatherer(
    async (_job, ids) => void written.push(ids),
    () => {},
    { restMs: 300 },
  );
  ring([{ job: 'evaluate', id: '1' }]);
  await turn();
  expect(written).toEqual([['1']]);
  for (const id of ['2', '3', '2']) {
    ring([{ job: 'evaluate', id }]);
    await turn();
  }
  expect(written).toHaveLength(1);
  await until('they are written', () => written.length === 2);
  expect(written[1]).toEqual(['2', '3']);
  await idle();
});

it('rests for longer after a write that took long, up to a bound', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const { ring, idle } = gatherer(
    async () => {
      begun.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, 10));
      ended.push(performance.now());
    },
    () => {},
    { restMs: 0, mostMs: 150 },
  );
  ring([{ job: 'evaluate', id: '1' }]);
  await until('the first write', () => ended.length === 1);
  ring([{ job: 'evaluate', id: '1' }]);
  await idle();
  expect(begun[1]! - ended[0]!).toBeGreaterThan(140);
});
