// Flapping: what comes and goes too often is held together until it stays away.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bandStage, minute, watchOf } from './band-stage.ts';

const flapping = { after: 3, withinMs: 60 * minute, holdMs: 10 * minute };
const say = (at: number) => String(at / minute);
const plain = { to: ['v_ana'], bands: [], params: { field: 'usage', op: '>', limit: 90 } };

it('holds an end once it fired so often within the time, and says so', () => {
  const s = bandStage(watchOf({ ...plain, flapping }));
  for (const [at, usage] of [
    [0, 95],
    [5, 50],
    [10, 95],
    [15, 50],
    [20, 95],
    [25, 50],
    [30, 95],
    [34, 50],
  ] as const)
    s.see(at * minute, usage);
  s.pass(43 * minute);
  expect(s.story(say)).toEqual([
    '0 fired v_ana',
    '5 resolved v_ana',
    '10 fired v_ana',
    '15 resolved v_ana',
    '20 fired v_ana',
  ]);
  expect(s.steps.filter(({ transition }) => transition.change === 'fired').at(-1)!.alert.reading.text).toBe(
    '95, limit 90; flapping: 3 times in 1 h',
  );
  // It came back at 30 while its end was held: that counts, too.
  expect(s.steps.find(({ transition }) => transition.at === 30 * minute)!.alert.reading.text).toBe(
    '95, limit 90; flapping: 4 times in 1 h',
  );
  s.pass(44 * minute);
  expect(s.story(say).at(-1)).toBe('44 resolved v_ana');
});

it('forgets what is longer ago than the time', () => {
  const s = bandStage(watchOf({ ...plain, flapping }));
  for (const at of [0, 31, 62]) {
    s.see(at * minute, 95);
    s.see((at + 5) * minute, 50);
  }
  expect(s.story(say).at(-1)).toBe('67 resolved v_ana');
  expect(s.standing().firings).toHaveLength(2);
});

it('changes nothing for a rule that says nothing of it, and never tells more than without', () => {
  const history = fc.array(fc.record({ gap: fc.nat(8), usage: fc.constantFrom(50, 95) }), {
    minLength: 10,
    maxLength: 40,
  });
  let held = 0;
  fc.assert(
    fc.property(history, fc.constantFrom(0, 3 * minute), (values, forMs) => {
      const told = (given: object) => {
        const s = bandStage(watchOf({ ...plain, forMs, ...given }));
        let at = 0;
        for (const { gap, usage } of values) {
          at += gap;
          s.see(at * minute, usage);
        }
        s.pass((at + 1000) * minute);
        return s.story(say);
      };
      const [with_, without] = [told({ flapping }), told({})];
      if (with_.length < without.length) held++;
      const fired = (story: string[]) => story.filter((one) => one.includes('fired')).length;
      expect(fired(with_)).toBeLessThanOrEqual(fired(without));
      // Everything ends.
      expect(with_.filter((one) => /resolved|cancelled/.test(one)).length).toBeGreaterThanOrEqual(
        fired(with_) - 1,
      );
    }),
    { numRuns: 200 },
  );
  expect(held).toBeGreaterThan(10);
});
