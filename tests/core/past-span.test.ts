// Stretches of the past as people say them, by their own clock.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windowEnd } from '../../src/core/hours.ts';
import { readPastSpan } from '../../src/core/past-span.ts';

const hour = 3_600_000;
/** Wednesday 6 May 2026, 12:30 in Berlin. */
const now = Date.UTC(2026, 4, 6, 10, 30);
const berlin = (text: string, at = now) => readPastSpan(text, 'Europe/Berlin', undefined, at);

it('reads nights, days, weeks and durations', () => {
  const day = Date.UTC(2026, 4, 5, 22);
  expect(berlin('last night')).toEqual({
    from: Date.UTC(2026, 4, 5, 19),
    until: Date.UTC(2026, 4, 6, 5),
    name: 'last night',
  });
  expect(berlin(' Today ')).toEqual({ from: day, until: now + 1, name: 'today' });
  expect(berlin('yesterday')).toMatchObject({ from: day - 24 * hour, until: day });
  expect(berlin('this week')).toMatchObject({ from: day - 48 * hour });
  expect(berlin('last week')).toMatchObject({ from: day - 9 * 24 * hour, until: day - 48 * hour });
  expect(berlin('2h')).toMatchObject({ from: now - 2 * hour, name: 'the last 2 h' });
  expect(berlin('1d')).toMatchObject({ from: now - 24 * hour, name: 'the last day' });
  expect(berlin('last 3d')).toMatchObject({ from: now - 72 * hour });
  for (const text of ['', 'disk', '/home', '4711', '-2h', 'last']) expect(berlin(text), text).toBeUndefined();
});

it('means the night that is, while it is', () => {
  const deep = Date.UTC(2026, 4, 6, 1);
  expect(berlin('last night', deep)).toMatchObject({ from: Date.UTC(2026, 4, 5, 19), until: deep + 1 });
});

it('takes quiet hours for the night, over both changes of the clock', () => {
  const minutes = fc.integer({ min: 0, max: 95 }).map((n) => n * 15);
  fc.assert(
    fc.property(
      fc.record({ from: minutes, to: minutes }).filter(({ from, to }) => from !== to),
      fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'),
      fc.integer({ min: 0, max: 366 * 24 * 60 }).map((minute) => Date.UTC(2026, 0, 1) + minute * 60_000),
      (window, zone, at) => {
        const { from, until } = readPastSpan('last night', zone, window, at)!;
        expect(from).toBeLessThan(until);
        expect(until).toBeLessThanOrEqual(at + 1);
        expect(at - from).toBeLessThanOrEqual(50 * hour);
        expect(windowEnd(window, zone, until - 1)).toBeDefined();
      },
    ),
    { numRuns: 60 },
  );
});
