// When a digest comes, as people say it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cronFault } from '#core/cron.ts';
import { readDigestTimes } from '#core/digest-times.ts';

it.each([
  ['daily', '0 9 * * *'],
  ['Every day at 18:30', '30 18 * * *'],
  ['every morning', '0 9 * * *'],
  ['evenings', '0 18 * * *'],
  ['18:00', '0 18 * * *'],
  ['at 6pm', '0 18 * * *'],
  ['weekly', '0 9 * * 1'],
  ['fridays', '0 9 * * 5'],
  ['Fridays 18:00', '0 18 * * 5'],
  ['every friday at 5pm', '0 17 * * 5'],
  ['friday evenings', '0 18 * * 5'],
  ['wednesdays', '0 9 * * 3'],
  ['weekdays', '0 9 * * 1,2,3,4,5'],
  ['weekends 10', '0 10 * * 0,6'],
  ['Mon–Fri 8', '0 8 * * 1,2,3,4,5'],
  ['mondays and thursdays', '0 9 * * 1,4'],
  ['mon, wed 7:15', '15 7 * * 1,3'],
  ['monthly', '0 9 1 * *'],
])('%s: %s', (text, expected) => {
  expect(readDigestTimes(text, 540)).toBe(expected);
});

it.each(['', 'soon', 'at', '0 9 * * *', 'fridays 25:00', 'otherwise', 'mon 9-12', 'funday'])(
  '“%s” is none',
  (text) => {
    expect(readDigestTimes(text, 540)).toBeUndefined();
  },
);

it('whatever is read is a schedule', () => {
  const word = fc.oneof(
    fc.constantFrom('every', 'fri', 'sat', 'and', ',', '-', '9', '18:00', 'days'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), fc.integer({ min: 0, max: 1439 }), (words, morning) => {
      const cron = readDigestTimes(words.join(' '), morning);
      if (cron !== undefined) expect(cronFault(cron)).toBeUndefined();
    }),
  );
});
