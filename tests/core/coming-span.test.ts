// Times to come as people say them: what each means in somebody's own zone, and what means nothing.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readComingSpan } from '#core/coming-span.ts';

const zone = 'Europe/Berlin';
// Monday 4 May 2026, 14:30 there.
const now = Date.UTC(2026, 4, 4, 12, 30);
const whose = { zone, morning: 540 };
const there = (ms: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(ms);
const read = (text: string, at = now) => {
  const span = readComingSpan(text, whose, at);
  if (!span || span === 'which-year') return span;
  const from = span.startsAt ?? at;
  return `${span.startsAt === undefined ? 'now' : there(from)} – ${there(from + span.for)}`;
};

it.each([
  ['2h', 'now – 2026-05-04 16:30'],
  ['for 2h', 'now – 2026-05-04 16:30'],
  ['for 2 hours', 'now – 2026-05-04 16:30'],
  ['until 18:00', 'now – 2026-05-04 18:00'],
  ['until 9', 'now – 2026-05-05 09:00'],
  ['until 9pm', 'now – 2026-05-04 21:00'],
  ['until monday 8', 'now – 2026-05-11 08:00'],
  ['till Friday', 'now – 2026-05-08 09:00'],
  ['until tomorrow', 'now – 2026-05-05 09:00'],
  ['until tomorrow at 7:30', 'now – 2026-05-05 07:30'],
  ['until 2026-06-01', 'now – 2026-06-01 09:00'],
  ['until 2026-06-01 18:00', 'now – 2026-06-01 18:00'],
  ['tomorrow 10-12', '2026-05-05 10:00 – 2026-05-05 12:00'],
  ['Tomorrow, from 10 to 12', '2026-05-05 10:00 – 2026-05-05 12:00'],
  ['tomorrow 22–7', '2026-05-05 22:00 – 2026-05-06 07:00'],
  ['tomorrow', '2026-05-05 00:00 – 2026-05-06 00:00'],
  ['today', 'now – 2026-05-05 00:00'],
  ['on wednesday', '2026-05-06 00:00 – 2026-05-07 00:00'],
  ['wed 2pm-4pm', '2026-05-06 14:00 – 2026-05-06 16:00'],
  ['monday 10-12', '2026-05-11 10:00 – 2026-05-11 12:00'],
  ['monday 14-16', 'now – 2026-05-04 16:00'],
  ['14-16', 'now – 2026-05-04 16:00'],
  ['10-12', '2026-05-05 10:00 – 2026-05-05 12:00'],
  ['22:00-6:00', '2026-05-04 22:00 – 2026-05-05 06:00'],
  ['tonight', '2026-05-04 22:00 – 2026-05-05 07:00'],
  ['this weekend', '2026-05-09 00:00 – 2026-05-11 00:00'],
  ['2h from 22:00', '2026-05-04 22:00 – 2026-05-05 00:00'],
  ['30 min from tomorrow 9', '2026-05-05 09:00 – 2026-05-05 09:30'],
  ['from 22:00 for 2h', '2026-05-04 22:00 – 2026-05-05 00:00'],
  ['tomorrow 10 for 1h', '2026-05-05 10:00 – 2026-05-05 11:00'],
  ['from tuesday 18:00 until wednesday 6:00', '2026-05-05 18:00 – 2026-05-06 06:00'],
  ['friday to monday', '2026-05-08 00:00 – 2026-05-12 00:00'],
  ['next monday', '2026-05-11 00:00 – 2026-05-12 00:00'],
  ['next tuesday', '2026-05-05 00:00 – 2026-05-06 00:00'],
  ['next monday 10-16', '2026-05-11 10:00 – 2026-05-11 16:00'],
  ['next monday 16-18', '2026-05-11 16:00 – 2026-05-11 18:00'],
  ['until next monday 18:00', 'now – 2026-05-11 18:00'],
  ['next monday 16:00 for 2h', '2026-05-11 16:00 – 2026-05-11 18:00'],
  ['wednesday to next wednesday', '2026-05-06 00:00 – 2026-05-14 00:00'],
  ['monday-friday', 'now – 2026-05-09 00:00'],
  ['tuesday-friday', '2026-05-05 00:00 – 2026-05-09 00:00'],
  ['tuesday 18:00 to friday', '2026-05-05 18:00 – 2026-05-09 00:00'],
  ['today-wednesday', 'now – 2026-05-07 00:00'],
  ['1 dec 10-12', '2026-12-01 10:00 – 2026-12-01 12:00'],
  ['1st of December, 10-12', '2026-12-01 10:00 – 2026-12-01 12:00'],
  ['dec 1 10-12', '2026-12-01 10:00 – 2026-12-01 12:00'],
  ['dec 1 10:00-12:30', '2026-12-01 10:00 – 2026-12-01 12:30'],
  ['may 4', 'now – 2026-05-05 00:00'],
  ['1 march', '2027-03-01 00:00 – 2027-03-02 00:00'],
  ['3 mar 2027 8-9', '2027-03-03 08:00 – 2027-03-03 09:00'],
  ['29 feb', undefined],
  ['until 1 dec', 'now – 2026-12-01 09:00'],
  ['24 dec to 2 jan', '2026-12-24 00:00 – 2027-01-03 00:00'],
  ['2h from 1 dec 22:00', '2026-12-01 22:00 – 2026-12-02 00:00'],
  ['1-5 dec', '2026-12-01 00:00 – 2026-12-06 00:00'],
  ['12-14 dec', '2026-12-12 00:00 – 2026-12-15 00:00'],
  ['from 3 to 7 december', '2026-12-03 00:00 – 2026-12-08 00:00'],
  ['the 3rd to the 7th of December', '2026-12-03 00:00 – 2026-12-08 00:00'],
  ['20-31 jan', '2027-01-20 00:00 – 2027-02-01 00:00'],
  ['dec 3-7', '2026-12-03 00:00 – 2026-12-08 00:00'],
  ['december 3 to 7', '2026-12-03 00:00 – 2026-12-08 00:00'],
  ['24-26 dec', '2026-12-24 00:00 – 2026-12-27 00:00'],
  ['24–26 Dec 2027', '2027-12-24 00:00 – 2027-12-27 00:00'],
  ['1 dec - 5 dec 2027', '2027-12-01 00:00 – 2027-12-06 00:00'],
  ['24 dec - 6 jan 2028', '2027-12-24 00:00 – 2028-01-07 00:00'],
  ['dec 3-7:00', '2026-12-03 00:00 – 2026-12-03 07:00'],
  ['2-6 may', 'now – 2026-05-07 00:00'],
  ['7-3 dec', undefined],
  ['30-31 feb', undefined],
  ['1 dec - 5', undefined],
  ['1 dec to 5 2027', undefined],
  ['5 to dec 7', undefined],
  ['10-12 may 4', undefined],
  ['1-5 dec 10', undefined],
  ['2 may - 6 may', 'now – 2026-05-07 00:00'],
  ['may 4 14:00 for 2h', 'now – 2026-05-04 16:00'],
  ['3 may 22-16', 'now – 2026-05-04 16:00'],
  ['3 may', 'which-year'],
  ['until 4 may', 'which-year'],
  ['until 3 may 2027', 'now – 2027-05-03 09:00'],
  ['1-3 may', 'which-year'],
  ['4 may 9-12', 'which-year'],
  ['1 may - 20 april', 'which-year'],
  ['1 apr - 10 apr', 'which-year'],
  ['2026-10-23 to 2026-10-25', '2026-10-23 00:00 – 2026-10-26 00:00'],
])('%s: %s', (text, expected) => {
  expect(read(text)).toBe(expected);
});

it.each([
  '',
  'soon',
  'soonish',
  'for',
  'until',
  'until never',
  'tomorrow 25-26',
  'until 2026-02-30',
  'until 2020-01-01',
  'today 9-10',
  'Someday',
  'every Sat',
  'satellite',
  'monitor',
  'mongo',
  'sunrise',
  'friends',
  'wedding',
  'until 18 Maria',
  'until 18 Mark',
  'until 18 julia',
  'until 18 Jane',
  'monitor-friends',
])('“%s” is none', (text) => {
  expect(read(text)).toBeUndefined();
});

it('after midnight tonight is the night that is, and a weekend that runs is its rest', () => {
  expect(read('tonight', Date.UTC(2026, 4, 4, 0, 30))).toBe('now – 2026-05-04 07:00');
  expect(read('weekend', Date.UTC(2026, 4, 10, 10))).toBe('now – 2026-05-11 00:00');
});

it('a stretch of dates that holds now is the one that is meant, also over the turn of the year', () => {
  expect(read('24 dec - 6 jan', Date.UTC(2026, 11, 30, 9))).toBe('now – 2027-01-07 00:00');
  expect(read('24 dec - 6 jan', Date.UTC(2027, 0, 3, 9))).toBe('now – 2027-01-07 00:00');
  expect(read('24 dec - 6 jan', Date.UTC(2027, 0, 8, 9))).toBe('which-year');
  expect(read('25 nov - 28 nov', Date.UTC(2026, 10, 26, 21))).toBe('now – 2026-11-29 00:00');
  expect(read('until 26 nov', Date.UTC(2026, 10, 26, 21))).toBe('which-year');
});

it('whatever is typed: at once nothing, or a time that is not over', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'until',
      'from',
      'for',
      'tomorrow',
      'monday',
      '1 dec',
      'may',
      '30',
      'next',
      '10-12',
      '8',
      '9pm',
      '2h',
      'tonight',
      '-',
      '2026-10-25',
      'to',
    ),
    fc.string({ maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), fc.integer({ min: 0, max: 366 * 24 }), (words, hours) => {
      const at = now + hours * 3_600_000;
      const span = readComingSpan(words.join(' '), whose, at);
      if (!span || span === 'which-year') return;
      expect(span.for).toBeGreaterThanOrEqual(0);
      if (span.startsAt !== undefined) expect(span.startsAt).toBeGreaterThan(at);
    }),
    { numRuns: 500 },
  );
});
