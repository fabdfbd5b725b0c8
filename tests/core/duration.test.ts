// Spans of time: what is printed is read back, and what people write is understood.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDuration, printDuration, sayDuration } from '#core/duration.ts';

it('reads back what it prints', () => {
  fc.assert(
    fc.property(fc.nat(2_000_000_000), (ms) => {
      expect(parseDuration(printDuration(ms))).toBe(ms);
    }),
  );
});

it.each([
  ['5m', 300_000],
  ['90 s', 90_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['5 minutes', 300_000],
  ['2 days', 172_800_000],
  ['1 hour 5 min', 3_900_000],
  ['250ms', 250],
  ['1w', 604_800_000],
])('reads %s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(['', '5', 'm', '-5m', '5x', '5m!', '1e3s', '5 m 3', 'soon'])(
  'does not take %j for a duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

it('says about how long', () => {
  const minute = 60_000;
  const said = [
    0,
    59_400,
    minute,
    41 * minute,
    60 * minute,
    185 * minute,
    24 * 60 * minute,
    26 * 60 * minute,
    200 * 60 * minute,
  ];
  expect(said.map(sayDuration)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '41 min',
    '1 h',
    '3 h 5 min',
    '1 day',
    '1 day 2 h',
    '8 days',
  ]);
});
