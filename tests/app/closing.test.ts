// The end in good order: all work at the same time, then what it stood on; what hangs is left behind.
import { expect, it } from 'vitest';
import { openClosing } from '../../src/app/closing.ts';

function open(elapsed = () => performance.now()) {
  const order: string[] = [];
  const complaints: unknown[] = [];
  const warn = (fields: object) => void complaints.push((fields as { part: string }).part);
  const closing = openClosing({ debug() {}, info() {}, warn, error() {} }, elapsed);
  return { closing, order, complaints };
}

it('asks all work to end before it waits for any of it, and closes the ground last, in the opposite order', async () => {
  const { closing, order, complaints } = open();
  let finish: () => void = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  closing.ground('earth', async () => order.push('earth'));
  closing.ground('floor', async () => order.push('floor'));
  closing.work('slow', () => slow.then(() => order.push('slow')));
  closing.work('quick', async () => {
    order.push('quick');
    finish();
  });
  await closing.close(60_000);
  expect(order).toEqual(['quick', 'slow', 'floor', 'earth']);
  expect(complaints).toEqual([]);
});

it('leaves behind what never ends, names it, and closes everything else', async () => {
  const { closing, order, complaints } = open();
  const never = () => new Promise<void>(() => {});
  closing.ground('earth', async () => order.push('earth'), 5_000);
  closing.ground('stuck', never, 10);
  closing.work('hung', never);
  closing.work('broken', () => Promise.reject(new Error('no')));
  closing.work('quick', async () => order.push('quick'));
  await closing.close(100);
  expect(order).toEqual(['quick', 'earth']);
  expect(new Set(complaints)).toEqual(new Set(['hung', 'broken', 'stuck']));
});

it('takes no longer than its time when everything hangs', async () => {
  // A timer may ring a millisecond early: here each takes exactly the time it was given.
  let at = 0;
  const { closing } = open(() => at);
  const given: number[] = [];
  const never = (ms: number) => {
    given.push(ms);
    at += ms;
    return new Promise<void>(() => {});
  };
  closing.ground('the database', never, 150);
  closing.ground('the messenger', never, 20);
  closing.ground('the rooms', never, 20);
  closing.work('hung', never);
  await closing.close(500);
  expect(given).toHaveLength(4);
  expect(given.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(500);
});

it('gives work most of the time there is, and tells it how much', async () => {
  const { closing } = open();
  let given = 0;
  closing.work('one', async (ms) => {
    given = ms;
  });
  await closing.close(10_000);
  expect(given).toBe(8_000);
});
