// Times of the week: against a minute-by-minute look at the wall clock, over both changes of the clocks.
import { describe, expect, it } from 'vitest';
import { isZone, nextAt, parseClock, sayClock, sayInstant, type Window, windowEnd } from '#core/hours.ts';

const minute = 60_000;
const day = 1440 * minute;
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'UTC',
  'Africa/Casablanca',
];

function wallClock(zone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (instant: number) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts.weekday!) + 1;
    return { weekday, minute: Number(parts.hour) * 60 + Number(parts.minute) };
  };
}

function holds(
  { from, to, days }: Window,
  { weekday, minute: at }: { weekday: number; minute: number },
): boolean {
  const on = (which: number) => !days || days.includes(which);
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  if (from < to) return on(weekday) && at >= from && at < to;
  return (on(weekday) && at >= from) || (on(yesterday) && at < to);
}

// Away from 0:00-4:00, where clocks change, wall clock and window agree to the minute; inside, see below.
describe.each(zones)('%s', (zone) => {
  const read = wallClock(zone);
  it.each<Window>([
    { from: 1320, to: 420 },
    { from: 540, to: 1080, days: [1, 2, 3, 4, 5] },
    { from: 1260, to: 300, days: [5] },
  ])('holds %j by the wall clock, and ends where it says', (window) => {
    for (const start of [
      Date.UTC(2025, 2, 7),
      Date.UTC(2025, 2, 28),
      Date.UTC(2025, 3, 4),
      Date.UTC(2025, 9, 3),
      Date.UTC(2025, 9, 24),
    ])
      for (let now = start; now < start + 4 * day; now += 47 * minute) {
        const end = windowEnd(window, zone, now);
        const at = read(now);
        if (at.minute >= 240) expect([now, end !== undefined]).toEqual([now, holds(window, at)]);
        if (end === undefined) continue;
        expect(end).toBeGreaterThan(now);
        expect(read(end).minute).toBe(window.to);
        expect(windowEnd(window, zone, end)).toBeUndefined();
      }
  });

  it('finds the next morning, always ahead and at most a day and an hour', () => {
    for (let now = Date.UTC(2025, 0, 1); now < Date.UTC(2026, 0, 1); now += 17 * 3_600_000 + 7 * minute) {
      const next = nextAt(540, zone, now);
      expect(next - now).toBeGreaterThan(0);
      expect(next - now).toBeLessThanOrEqual(25 * 60 * minute);
      expect(read(next).minute).toBe(540);
    }
  });
});

it('comes at the end of the gap when the clock skips it, and once when it shows it twice', () => {
  const evening = Date.UTC(2026, 2, 28, 20);
  // Berlin goes from 2:00 to 3:00 at 1:00 UTC; Lord Howe from 2:00 to 2:30 at 15:30 UTC; Cairo from midnight to 1:00.
  expect(nextAt(150, 'Europe/Berlin', evening)).toBe(Date.UTC(2026, 2, 29, 1));
  expect(nextAt(135, 'Australia/Lord_Howe', Date.UTC(2026, 9, 3, 12))).toBe(Date.UTC(2026, 9, 3, 15, 30));
  expect(nextAt(120, 'Australia/Lord_Howe', Date.UTC(2026, 9, 3, 12))).toBe(Date.UTC(2026, 9, 3, 15, 30));
  expect(nextAt(30, 'Africa/Cairo', Date.UTC(2026, 3, 23, 12))).toBe(Date.UTC(2026, 3, 23, 22));
  expect(nextAt(150, 'Europe/Berlin', Date.UTC(2026, 9, 24, 20))).toBe(Date.UTC(2026, 9, 25, 0, 30));
});

it('ends in the gap of spring at its end, and at the earlier hour of autumn', () => {
  const toHalfPastTwo = { from: 1320, to: 150 };
  expect(windowEnd(toHalfPastTwo, 'Europe/Berlin', Date.UTC(2025, 2, 29, 23))).toBe(Date.UTC(2025, 2, 30, 1));
  expect(windowEnd(toHalfPastTwo, 'Europe/Berlin', Date.UTC(2025, 9, 25, 22))).toBe(
    Date.UTC(2025, 9, 26, 0, 30),
  );
});

it('knows zones, and reads and says times of day', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', '', '../etc', '+02:00'].map(isZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(
    ['22:00', '7', '7:30', '22.15', '9pm', '12am', '12 pm', '24:00', '7:60', '13pm', 'noon'].map(parseClock),
  ).toEqual([1320, 420, 450, 1335, 1260, 0, 720, undefined, undefined, undefined, undefined]);
  expect([sayClock(540), sayClock(5)]).toEqual(['9:00', '0:05']);
  const noon = Date.UTC(2025, 5, 2, 10);
  const said = [noon, noon - day, noon - 8 * day, noon + 7 * day, noon + 300 * day];
  expect(said.map((at) => sayInstant(at, 'Europe/Berlin', noon))).toEqual([
    '12:00',
    'Sun 12:00',
    'Sun 25 May 12:00',
    'Mon 9 Jun 12:00',
    'Sun 29 Mar 2026 12:00',
  ]);
  // What was said of it is said again only in the same zone, and at the same moment.
  const again = ['Europe/Berlin', 'UTC'].flatMap((zone) =>
    [noon, noon + day].map((now) => sayInstant(noon, zone, now)),
  );
  expect(again).toEqual(['12:00', 'Mon 12:00', '10:00', 'Mon 10:00']);
});
