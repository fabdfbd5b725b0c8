// A bar that must not be crossed: near it, heading for it, beyond it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { kindBook } from '../../../src/evaluate/kind-book.ts';
import { type Given, live, watchOf } from '../histories.ts';

const hour = 3_600_000;
const held = (params: Record<string, unknown>) =>
  watchOf({
    kind: 'ratio',
    params: { field: 'score', bar: 0.6, side: 'below', ...params },
    severity: 'info',
  });
const hourly = (values: number[]): Given[] => values.map((score, i) => ({ at: i * hour, data: { score } }));

it('equals a reference without memory where no trend is asked for', () => {
  const value = fc.integer({ min: 0, max: 20 });
  const side = fc.constantFrom('below' as const, 'above' as const);
  fc.assert(
    fc.property(
      fc.array(value),
      value,
      side,
      fc.option(fc.nat(3), { nil: undefined }),
      (values, bar, where, margin) => {
        let open = false;
        const expected = values.flatMap((score, i) => {
          const left = where === 'below' ? score - bar : bar - score;
          const bad = left < 0 || (margin !== undefined && left <= margin);
          if (bad === open) return [];
          open = bad;
          return [`${bad ? 'fired' : 'resolved'}@${i * hour}`];
        });
        const { steps } = live(held({ bar, side: where, margin }), hourly(values), 0);
        const story = steps.map(({ transition: { change, at } }) => `${change}@${at}`);
        expect(story.filter((one) => /fired|resolved/.test(one))).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

it('says the distance, and when it would get there', () => {
  const falling = Array.from({ length: 25 }, (_, i) => 0.69 - i * 0.001);
  const { steps } = live(held({ margin: 0.07 }), hourly(falling), 0);
  expect(steps.at(-1)!.alert.reading).toMatchObject({
    value: expect.closeTo(0.666),
    limit: 0.6,
    text: '0.666, bar 0.6: 0.066 above it',
    trend: 'reaches it in about 3 days',
  });
  const noisy = falling.map((score, i) => score + (i % 2 ? 0.02 : -0.02));
  expect(live(held({ margin: 0.2 }), hourly(noisy), 0).steps.at(-1)!.alert.reading.trend).toBeUndefined();
});

it('tells ahead of time, does not waver, and is critical once it is crossed', () => {
  const falling = Array.from({ length: 60 }, (_, i) => 0.66 - i * 0.0012);
  const { story, steps } = live(held({ ahead: '1d' }), hourly(falling), 60 * hour);
  const fired = Number(story[0]!.split('@')[1]);
  const left = (0.66 - 0.6) / 0.0012 - fired / hour;
  expect(left).toBeLessThanOrEqual(24);
  expect(left).toBeGreaterThan(22);
  expect(story.map((one) => one.split('@')[0])).toEqual(['fired', 'worse']);
  expect(steps[0]!.alert.severity).toBe('info');
  expect(steps.at(-1)!.alert).toMatchObject({ severity: 'critical', reading: { is: 'met' } });
  // Without a warning before it, crossing is what the rule is about, and as bad as the rule says.
  expect(live(held({}), hourly([0.7, 0.5]), 0).steps.at(-1)!.alert.severity).toBe('info');
});

it('leaves late numbers out', () => {
  const events: Given[] = [
    { at: 10 * hour, time: 10 * hour, data: { score: 0.5 } },
    { at: 11 * hour, time: 9 * hour, data: { score: 0.9 } },
  ];
  expect(live(held({}), events, 11 * hour).story).toEqual([`fired@${10 * hour}`]);
});

it('says what it does', () => {
  const said = (params: Record<string, unknown>) =>
    kindBook.describe('ratio', { field: 'score', bar: 0.6, side: 'below', ...params });
  expect(said({})).toBe('score below 0.6');
  expect(said({ margin: 0.05, ahead: '3d' })).toBe(
    'score below 0.6, or closer than 0.05 to it or 3 days away from it',
  );
  expect(kindBook.check('ratio', { field: 'score', bar: 0.6, side: 'under' })).toEqual({
    ok: false,
    faults: [{ path: 'side', text: 'side is one of below above' }],
  });
});
