// Where a wished silence fits among those that are kept.
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Silence } from '#core/silence.ts';
import { fittingAmong } from '#core/silence-fit.ts';

const now = Date.UTC(2026, 4, 4, 12);
const hour = 3_600_000;
const silence = (id: string, given: Partial<Silence> = {}): Silence => ({
  id,
  ownerId: 'p_ana',
  topic: 'disk.**',
  match: [],
  ruleId: null,
  startsAt: now - hour,
  endsAt: now + hour,
  by: 'Ana',
  comment: '',
  weekly: null,
  ...given,
});
const wished = (given: Partial<Silence> = {}) => {
  const { id: _, ...wanted } = silence('', { startsAt: now, ...given });
  return { wanted, openEnd: false };
};

it('the same wishes again find everything as it is, in whatever order they come', () => {
  const wish = fc
    .record({
      topic: fc.constantFrom('disk.**', 'cpu.**', '**'),
      ownerId: fc.constantFrom('p_ana', 'p_ben'),
      startsAt: fc.integer({ min: now, max: now + 5 * hour }),
      lasts: fc.integer({ min: 60_000, max: 5 * hour }),
    })
    .map(({ lasts, ...given }) => wished({ ...given, endsAt: given.startsAt + lasts }));
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1, maxLength: 12 }), (wishes) => {
      let made = 0;
      const place = fittingAmong([], () => `z_${made++}`, now);
      for (const one of wishes) expect(place(one)).toBeDefined();
      const before = made;
      for (const one of wishes.toReversed()) expect(place(one)?.was).toBe('so');
      expect(made).toBe(before);
    }),
  );
});

it('the text of what is muted is made once for each, however many there are', () => {
  const many = Array.from({ length: 500 }, (_, i) => silence(`z_${i}`, { topic: `bulk.t${i}` }));
  const wishes = Array.from({ length: 1_000 }, (_, i) => wished({ topic: `bulk.t${i}` }));
  const texts = vi.spyOn(JSON, 'stringify');
  const place = fittingAmong(many, () => 'z_new', now);
  for (const one of wishes) place(one);
  expect(texts.mock.calls.length).toBeLessThanOrEqual(many.length + wishes.length);
  texts.mockRestore();
});

it('only the one that is named becomes shorter, and only when it mutes the same', () => {
  const place = fittingAmong([silence('z_1'), silence('z_2', { topic: 'cpu.**' })], () => 'z_new', now);
  const short = wished({ endsAt: now + hour / 2 });
  expect(place(short)).toMatchObject({ was: 'so', silence: { endsAt: now + hour } });
  expect(place({ ...short, id: 'z_1' })).toMatchObject({
    was: 'changed',
    isShorter: true,
    silence: { id: 'z_1', startsAt: now - hour, endsAt: now + hour / 2 },
  });
  expect(place({ ...short, id: 'z_2' })).toBeUndefined();
  expect(place({ ...wished({ topic: 'net.**' }), id: 'z_gone' })).toMatchObject({ silence: { id: 'z_new' } });
});
