// The same hours of some days as people say them: from when, and until when in somebody's own zone.
import { expect, it } from 'vitest';
import { readComingHours } from '#core/coming-hours.ts';

const zone = 'Europe/Berlin';
const there = (ms: number) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(ms);
// By the clock there, in the week of Monday 4 May 2026.
const at = (day: number, hour: number) => Date.UTC(2026, 4, day, hour - 2);
const read = (text: string, now: number) => {
  const span = readComingHours(text, zone, now);
  if (!span) return undefined;
  const from = span.startsAt ?? now;
  return `${span.startsAt === undefined ? 'now' : there(from)} – ${there(from + span.for)}`;
};

it.each([
  ['monday-friday 9-17', 'on Monday morning', at(4, 8), 'now – 2026-05-09 00:00'],
  ['monday-friday 9-17', 'on Thursday', at(7, 10), 'now – 2026-05-09 00:00'],
  ['monday-friday 9-17', 'on Thursday evening', at(7, 20), 'now – 2026-05-09 00:00'],
  ['monday-friday 9-17', 'on Friday evening', at(8, 20), '2026-05-11 00:00 – 2026-05-16 00:00'],
  ['monday-friday 9-17', 'on Saturday', at(9, 10), '2026-05-11 00:00 – 2026-05-16 00:00'],
  ['monday-friday 22-6', 'on Thursday', at(7, 10), 'now – 2026-05-09 06:00'],
  ['monday-friday 22-6', 'in the last of these nights', at(9, 1), 'now – 2026-05-09 06:00'],
  ['monday-friday 22-6', 'after it', at(9, 7), '2026-05-11 00:00 – 2026-05-16 06:00'],
  ['next monday-friday 9-17', 'on Thursday', at(7, 10), '2026-05-11 00:00 – 2026-05-16 00:00'],
  ['next monday-friday 9-17', 'on Monday', at(4, 10), '2026-05-11 00:00 – 2026-05-16 00:00'],
  ['Sat–Sun, from 10 to 12', 'on Thursday', at(7, 10), '2026-05-09 00:00 – 2026-05-11 00:00'],
  ['saturday to monday 9pm-10pm', 'on Sunday', at(10, 10), 'now – 2026-05-12 00:00'],
  ['monday-sunday 9-17', 'on Thursday', at(7, 10), 'now – 2026-05-11 00:00'],
  ['monday-friday 25-26', 'any day', at(7, 10), undefined],
  ['monitor-friends 9-17', 'any day', at(7, 10), undefined],
  ['monday-friday', 'any day', at(7, 10), undefined],
])('%s, said %s', (text, _when, now, expected) => {
  expect(read(text, now)).toBe(expected);
});
