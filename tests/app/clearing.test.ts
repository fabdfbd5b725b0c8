// What a storm left behind in memory is cleared away once it is over, and not before.
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openClearing, ownHeap } from '../../src/app/clearing.ts';

const megabytes = 1_048_576;

it('is cleared when little is done, and again only when it has grown', () => {
  let [held, cleared] = [60, 0];
  const look = openClearing({
    bytes: () => held * megabytes,
    clear: () => {
      cleared += 1;
      held = 50;
    },
  });
  const at = (grown: number, busy: number) => {
    held = grown;
    return [look(busy), cleared];
  };
  expect(at(60, 0.9)).toEqual([false, 0]);
  expect(at(60, 0.05)).toEqual([true, 1]);
  expect(at(50, 0)).toEqual([false, 1]);
  expect(at(65, 0)).toEqual([false, 1]);
  expect(at(200, 0.1)).toEqual([false, 1]);
  expect(at(200, 0.09)).toEqual([true, 2]);
  // What is needed stays, however much it is, and is not gone through every second.
  expect(look(0)).toBe(false);
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
