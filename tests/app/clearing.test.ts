// What a storm left behind in memory is cleared away once it is over, and not before.
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openClearing, ownHeap } from '../../src/app/clearing.ts';

const megabytes = 1_048_576;

it('is cleared when little is done for a while, and again only when it has grown', () => {
  let [held, cleared] = [60, 0];
  const look = openClearing({
    bytes: () => held * megabytes,
    clear: () => {
      cleared += 1;
      held = 70;
    },
  });
  /** Looked at while so much is held; how often it was cleared so far. */
  const looks = (grown: number, ...busy: number[]) => {
    held = grown;
    for (const one of busy) look(one);
    return cleared;
  };
  const quiet = [0, 0.09];
  // Once after the start, so that it is known how much the program needs.
  expect(looks(90, 0)).toBe(0);
  expect(looks(90, 0.09)).toBe(1);
  expect(looks(85, ...quiet)).toBe(1);
  expect(looks(200, 0.9, 0.1, 0.5)).toBe(1);
  expect(looks(200, 0, 0.1, 0)).toBe(1);
  expect(looks(200, 0)).toBe(2);
  // What is needed stays, however much it is, and is not gone through every second.
  expect(looks(85, ...quiet)).toBe(2);
  // V8 has cleared by itself meanwhile.
  expect(looks(60, 0)).toBe(2);
  expect(looks(76, 0)).toBe(3);
});

it('clears the heap of this process', async () => {
  const heap = ownHeap()!;
  const left = new WeakRef(heap.bytes.bind(undefined));
  expect(left.deref()!()).toBeGreaterThan(0);
  // What was made or looked at stays until the turn ends.
  await setImmediate();
  heap.clear();
  expect(left.deref()).toBeUndefined();
});
