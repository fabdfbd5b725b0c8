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
  /** Looked at five times, while so much is held. */
  const looks = (grown: number, ...busy: number[]) => {
    held = grown;
    for (const one of busy) look(one);
    return cleared;
  };
  const quiet = [0, 0.09, 0, 0, 0];
  // What it begins with is what the program needs.
  expect(looks(60, ...quiet)).toBe(0);
  expect(looks(91, ...quiet)).toBe(0);
  expect(looks(200, 0.9, 0.5, 0.1, 0, 0)).toBe(0);
  expect(looks(200, 0, 0.1, 0, 0, 0, 0)).toBe(0);
  expect(looks(200, 0)).toBe(1);
  // What is needed stays, however much it is, and is not gone through every second.
  expect(looks(70, ...quiet)).toBe(1);
  expect(looks(101, ...quiet)).toBe(1);
  expect(looks(102, 0)).toBe(2);
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
