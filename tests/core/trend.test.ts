// Where a number is heading: a line through what was remembered, or nothing when that would be a guess.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reaches, remember, type Sample, sayRoughly, sayTrend, trendOf } from '#core/trend.ts';

const hour = 3_600_000;
const day = 24 * hour;
const say = String;

describe('the line', () => {
  it('is the one that misses the samples least', () => {
    const samples = fc.uniqueArray(fc.tuple(fc.nat(1000), fc.integer({ min: -50, max: 50 })), {
      selector: ([at]) => at,
      minLength: 5,
      maxLength: 20,
    });
    fc.assert(
      fc.property(samples, fc.double({ min: 0.2, max: 3, noNaN: true }), (list, slope) => {
        const sorted = list
          .sort(([a], [b]) => a - b)
          .map(([at, noise]): Sample => [at, at * slope + noise / 100]);
        const trend = trendOf(sorted);
        const missed = (now: number, perMs: number) =>
          sorted.reduce((sum, [at, v]) => sum + (v - now - perMs * (at - sorted.at(-1)![0])) ** 2, 0);
        if (!trend) return;
        const best = missed(trend.now, trend.perMs);
        for (const [a, b] of [
          [0.01, 0],
          [-0.01, 0],
          [0, 0.0001],
          [0, -0.0001],
        ] as const)
          expect(missed(trend.now + a, trend.perMs + b)).toBeGreaterThanOrEqual(best - 1e-9);
      }),
    );
  });

  it('is not drawn through noise, standing still, or too little', () => {
    const noise = Array.from({ length: 40 }, (_, i): Sample => [i * hour, [5, 1, 4, 2, 3, 6][(i * 7) % 6]!]);
    expect(trendOf(noise)).toBeUndefined();
    expect(trendOf(noise.map(([at]): Sample => [at, 5]))).toBeUndefined();
    expect(
      trendOf([
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
      ]),
    ).toBeUndefined();
    expect(trendOf(Array.from({ length: 9 }, (): Sample => [7, 7]))).toBeUndefined();
  });
});

it('says when the bar is reached, and nothing when it moves away or too far ahead', () => {
  const falling = Array.from({ length: 24 }, (_, i): Sample => [i * hour, 0.8 - i * 0.001]);
  const trend = trendOf(falling)!;
  expect(sayRoughly(reaches(trend, 0.7)!)).toBe('3 days');
  expect(reaches(trend, 0.9)).toBeUndefined();
  expect(reaches(trend, 0.1)).toBeUndefined();
  expect(sayTrend(trend, say)).toBe('falling about 0.001 an hour');
  expect([20_000, 50 * 60_000, 5 * hour, day, 40 * hour].map(sayRoughly)).toEqual([
    '1 minute',
    '50 minutes',
    '5 hours',
    '24 hours',
    '2 days',
  ]);
});

it('remembers at most 48 samples of seven days, and still reaches back', () => {
  let seen: Sample[] = [];
  for (let i = 0; i < 5000; i++) {
    seen = remember(seen, i * 60_000, i);
    expect(seen.length).toBeLessThanOrEqual(48);
    expect(seen.at(-1)).toEqual([i * 60_000, i]);
  }
  expect(seen[0]![0]).toBeLessThan(60_000 * 60);
  expect(remember(seen, 10, 1)).toEqual(seen);
  expect(remember([[5, 1]], 5, 2)).toEqual([[5, 2]]);
  expect(remember([[0, 1]], 8 * day, 2)).toEqual([[8 * day, 2]]);
});
