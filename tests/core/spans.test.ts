// Windows laid over a stretch of time: the same answer as asking about each instant by itself.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windowEnd } from '../../src/core/hours.ts';
import { inSpans, windowSpans } from '../../src/core/spans.ts';

const hour = 3_600_000;
const day = 24 * hour;
// Over both changes of the clock.
const spring = Date.UTC(2026, 2, 25);
const autumn = Date.UTC(2026, 9, 20);

it('cuts the first and the last span off where the time ends', () => {
  const from = Date.UTC(2026, 4, 4, 2);
  expect(windowSpans({ from: 22 * 60, to: 7 * 60 }, 'UTC', from, from + day)).toEqual([
    [from, from + 5 * hour],
    [from + 20 * hour, from + day],
  ]);
});

it('answers as the window itself does, in any zone and over both changes of the clock', () => {
  const minute = fc.integer({ min: 0, max: 1439 });
  fc.assert(
    fc.property(
      fc
        .record({
          from: minute,
          to: fc.integer({ min: 1, max: 1440 }),
          days: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), {
            nil: undefined,
          }),
        })
        .filter(({ from, to }) => from !== to && !(from === 0 && to === 1440)),
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
      fc.constantFrom(spring, autumn),
      fc.array(fc.integer({ min: 0, max: 20 * day - 1 }), { minLength: 5, maxLength: 20 }),
      ({ days, ...hours }, zone, from, ahead) => {
        const window = days ? { ...hours, days } : hours;
        const spans = windowSpans(window, zone, from, from + 20 * day);
        for (const ms of ahead)
          expect(inSpans(spans, from + ms)).toBe(windowEnd(window, zone, from + ms) !== undefined);
      },
    ),
    { numRuns: 60 },
  );
});
