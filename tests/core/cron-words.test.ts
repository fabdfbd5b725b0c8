// Schedules in words: what each says, and that none says another time than it comes.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextCron } from '#core/cron.ts';
import { sayCron } from '#core/cron-words.ts';
import { readDigestTimes } from '#core/digest-times.ts';

it.each([
  ['0 9 * * *', 'every day at 9:00'],
  ['0 8 * * 1-5', 'every weekday at 8:00'],
  ['0 8 * * 1,2,3,4,5', 'every weekday at 8:00'],
  ['30 18 * * MON-FRI', 'every weekday at 18:30'],
  ['0 8 * * 0,6', 'every Saturday and Sunday at 8:00'],
  ['0 8 * * 7', 'every Sunday at 8:00'],
  ['0 8 * * 1,4', 'every Monday and Thursday at 8:00'],
  ['0 8,18 * * *', 'every day at 8:00 and 18:00'],
  ['0 9 1 * *', 'on the 1st of every month at 9:00'],
  ['0 9 1,15 * *', 'on the 1st and 15th of every month at 9:00'],
  ['0 9 L * *', 'on the last day of every month at 9:00'],
  ['5 0 11 jan,jul *', 'on the 11th of January and July at 0:05'],
  ['*/15 * * * *', 'every 15 minutes'],
  ['0 * * * 1-5', 'every weekday, every hour'],
  ['0 */6 * * *', 'every 6 hours'],
  ['@daily', 'every day at 0:00'],
  ['@weekly', 'every Sunday at 0:00'],
  ['*/7 * * * *', undefined],
  ['0 9 1 * 1', undefined],
  ['0 0-23 * * *', undefined],
  ['0 9 * * 1#2', undefined],
  ['0 9 * * 5L', undefined],
  ['nonsense', undefined],
  ['', undefined],
])('%s: %s', (line, words) => {
  expect(sayCron(line)).toBe(words);
});

it('words of days and an hour mean the same times when they are typed', () => {
  const chosen = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(chosen, fc.nat({ max: 23 }), fc.nat({ max: 59 }), (days, hour, minute) => {
      const line = `${minute} ${hour} * * ${days.join(',')}`;
      const again = readDigestTimes(sayCron(line)!.replace(/,/g, ' and'), 0);
      expect(again).toBeDefined();
      let [a, b] = [0, 0];
      for (let i = 0; i < 5; i++) {
        a = nextCron(line, 'Europe/Berlin', a)!;
        b = nextCron(again!, 'Europe/Berlin', b)!;
        expect(a).toBe(b);
      }
    }),
    { numRuns: 100 },
  );
});
