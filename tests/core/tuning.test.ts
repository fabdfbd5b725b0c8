// What would make a rule quieter: steps on the right side, and the one worth offering.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bestLimit, longerWait, quieterLimits, withLimit } from '#core/tuning.ts';

it('limits go up for “over” and down for “under”, by round steps', () => {
  expect(quieterLimits(90, { op: '>' })).toEqual([95, 100, 110]);
  expect(quieterLimits(90, { op: '<' })).toEqual([85, 80, 70]);
  expect(quieterLimits(3, {})).toEqual([4, 5, 7]);
  expect(quieterLimits(0, { side: 'below' })).toEqual([-1, -2, -4]);
  expect(quieterLimits(0.6, { side: 'below' })).toEqual([0.55, 0.5, 0.4]);
});

it('every step is quieter than the one before', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.boolean(), (limit, down) => {
      fc.pre(limit === 0 || Math.abs(limit) > 1e-6);
      const steps = quieterLimits(limit, { op: down ? '<=' : '>=' });
      for (const [i, step] of steps.entries()) {
        const before = i === 0 ? limit : steps[i - 1]!;
        expect(down ? step < before : step > before).toBe(true);
      }
    }),
  );
});

it('offers the nearest that quarters it, else the quietest, else none', () => {
  const variants = [
    { limit: 95, told: 12 },
    { limit: 100, told: 3 },
    { limit: 110, told: 0 },
  ];
  expect(bestLimit(30, variants)?.limit).toBe(100);
  expect(bestLimit(13, variants.slice(0, 1))?.limit).toBe(95);
  expect(bestLimit(12, variants.slice(0, 1))).toBeUndefined();
  expect(longerWait(0)).toBe(300_000);
  expect(longerWait(300_000)).toBe(900_000);
  expect(longerWait(3_600_000)).toBeUndefined();
  expect(withLimit({ limit: 90, clear: 85, op: '>' }, 'limit', 95)).toEqual({
    limit: 95,
    clear: 90,
    op: '>',
  });
});
