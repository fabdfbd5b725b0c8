// A weekly silence holds in its hours by its own clock, over both changes of the clock, and never past its end.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseWhen } from '#core/bands.ts';
import { windowEnd } from '#core/hours.ts';
import { holdingNow, type Silence } from '#core/silence.ts';

const read = parseWhen('Sat 02:00-04:00; Sun 1-3; 22-23');
const hours = read.ok && read.when !== 'otherwise' ? read.when : [];
const year = Date.UTC(2026, 0, 1);
const silence: Silence = {
  id: 'z_1',
  ownerId: 'p_1',
  topic: '**',
  match: [],
  ruleId: null,
  startsAt: year,
  endsAt: year + 300 * 86_400_000,
  by: 'Ana',
  comment: '',
  weekly: { hours, zone: 'Europe/Berlin' },
};

it('holds exactly while one of its hours does, until the last of them ends', () => {
  expect(hours).toHaveLength(3);
  fc.assert(
    fc.property(fc.integer({ min: -1440, max: 365 * 1440 }), (minutes) => {
      const now = year + minutes * 60_000;
      const ends = hours.flatMap((window) => windowEnd(window, 'Europe/Berlin', now) ?? []);
      const within = now >= silence.startsAt && now < silence.endsAt;
      const holds = holdingNow(silence, now);
      expect(holds !== undefined).toBe(within && ends.length > 0);
      if (holds) {
        expect(holds.endsAt).toBeGreaterThan(now);
        expect(holds.endsAt).toBe(Math.min(silence.endsAt, Math.max(...ends)));
      }
    }),
  );
});

it('holds as before when it is not weekly', () => {
  const { weekly: _weekly, ...plain } = silence;
  expect(holdingNow(plain, year)).toBe(plain);
  expect(holdingNow(plain, year - 1)).toBeUndefined();
  expect(holdingNow(plain, silence.endsAt)).toBeUndefined();
});
