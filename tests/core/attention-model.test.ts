// The model of Alertmanager's grouping that the attention benchmark compares with, and the oracle's own clock.
import { expect, it } from 'vitest';
import { sendings } from '../bench/attention/alertmanager.ts';
import { hour, makeMonth, minute } from '../bench/attention/month.ts';
import { asleep } from '../bench/attention/oracle.ts';

const fire = (at: number, subject = 'a') => ({ at, subject, firing: true });
const end = (at: number, subject = 'a') => ({ at, subject, firing: false });

it('waits for the group, then looks every interval, and says what ended', () => {
  expect(sendings([fire(0), end(2 * minute)])).toEqual([30_000, 30_000 + 5 * minute]);
  expect(sendings([fire(0), fire(10_000, 'b'), end(minute), end(minute, 'b')])).toEqual([
    30_000,
    30_000 + 5 * minute,
  ]);
});

it('says nothing of what came and went within the wait, and begins anew afterwards', () => {
  expect(sendings([fire(0), end(20_000)])).toEqual([]);
  expect(sendings([fire(0), end(20_000), fire(hour), end(hour + minute)])).toEqual([
    hour + 30_000,
    hour + 30_000 + 5 * minute,
  ]);
});

it('repeats what still fires after four hours', () => {
  const sent = sendings([fire(0), end(9 * hour)]);
  expect(sent.length).toBe(4);
  expect(sent[1]! - sent[0]!).toBeGreaterThanOrEqual(4 * hour);
});

it('the script is the same for a seed, and people sleep by their own clock', () => {
  const one = makeMonth({ days: 3, stormSize: 10, seed: 7 });
  expect(makeMonth({ days: 3, stormSize: 10, seed: 7 })).toEqual(one);
  expect(makeMonth({ days: 3, stormSize: 10, seed: 8 })).not.toEqual(one);
  const berlin = one.people.find(({ zone, quiet }) => zone === 'Europe/Berlin' && quiet)!;
  expect(asleep(berlin, Date.UTC(2026, 9, 5, 20, 30))).toBe(true);
  expect(asleep(berlin, Date.UTC(2026, 9, 5, 19, 30))).toBe(false);
  // After the clocks went back, an hour later in UTC.
  expect(asleep(berlin, Date.UTC(2026, 9, 26, 20, 30))).toBe(false);
});
