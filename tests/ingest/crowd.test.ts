// Who is waited for before a write, and for how long.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openCrowd } from '#ingest/crowd.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('waits for those who were answered until all are there', () => {
  const crowd = openCrowd(() => {});
  crowd.answered(16, 4, 2);
  expect(crowd.isComing(4)).toBe(true);
  expect(crowd.isComing(19)).toBe(true);
  expect(crowd.isComing(20)).toBe(false);
  expect(crowd.isComing(1)).toBe(false);
});

it('waits half as long as the last write took, and says when it is over', () => {
  const come = vi.fn();
  const crowd = openCrowd(come);
  crowd.answered(16, 0, 6);
  vi.advanceTimersByTime(2);
  expect([crowd.isComing(3), come.mock.calls.length]).toEqual([true, 0]);
  vi.advanceTimersByTime(2);
  expect([crowd.isComing(3), come.mock.calls.length]).toEqual([false, 1]);
});

it('waits 5 ms at most', () => {
  const come = vi.fn();
  openCrowd(come).answered(16, 0, 1_000);
  vi.advanceTimersByTime(5);
  expect(come).toHaveBeenCalledOnce();
});

it('waits for nobody where few are there', () => {
  const crowd = openCrowd(() => {});
  crowd.answered(3, 4, 100);
  expect(crowd.isComing(4)).toBe(false);
});
