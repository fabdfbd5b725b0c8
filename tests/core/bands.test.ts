// Time bands: read, printed, and against a minute-by-minute model over a year in six zones.
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { type Band, bandAt, nextBand, parseWhen, printWhen, type When } from '#core/bands.ts';

function when(text: string): When {
  const read = parseWhen(text);
  if (!read.ok) throw new Error(read.fault);
  return read.when;
}

describe('the hours of a band', () => {
  it('are read in the ways people write them, and printed in one', () => {
    for (const [text, printed] of [
      ['Mon-Fri 09:00-18:00', 'Mon-Fri 09:00-18:00'],
      ['weekdays 9-18', 'Mon-Fri 09:00-18:00'],
      ['Sat, Sun', 'Sat-Sun'],
      ['22-7', '22:00-07:00'],
      ['fri-mon 9am - 5pm', 'Mon,Fri-Sun 09:00-17:00'],
      ['Mon 0-24; Wed 12:30-13', 'Mon; Wed 12:30-13:00'],
      ['Otherwise', 'otherwise'],
    ] as const) {
      expect(printWhen(when(text))).toBe(printed);
      expect(when(printWhen(when(text)))).toEqual(when(text));
    }
  });

  it('say what is wrong with them', () => {
    for (const text of ['', 'sometimes', 'Mon 9-9', 'Xyz 9-18', '25-26', '9'])
      expect(parseWhen(text).ok, text).toBe(false);
  });
});

describe('bands against every minute of a year', () => {
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'Africa/Cairo',
  ];
  const bands: Band[] = [
    { when: when('Mon-Fri 09:00-18:00') },
    { when: when('22:00-02:30') },
    { when: when('Sun 00:00-24:00') },
    { when: 'otherwise' },
  ];

  it.each(zones)(
    'hold as the wall clock says in %s',
    (zone) => {
      const start = Date.UTC(2026, 0, 1);
      let next = start;
      let present = -2;
      for (let now = start; now < start + 366 * 86_400_000; now += 60_000) {
        if (now >= next || present === -2) {
          present = bandAt(bands, zone, now);
          next = nextBand(bands, zone, now) ?? Number.POSITIVE_INFINITY;
          expect(next).toBeGreaterThan(now);
        }
        if (now % 1_800_000 === 0 || now + 60_000 >= next)
          expect([new Date(now).toISOString(), present]).toEqual([
            new Date(now).toISOString(),
            model(zone, now),
          ]);
      }
    },
    120_000,
  );

  // The wall clock, with the meaning of gaps and overlaps that windows have: what begins in a gap begins at its end.
  function model(zone: string, now: number): number {
    const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
    const inside = (days: number[] | undefined, from: number, to: number) =>
      [0, 1].some((back) => {
        const day = here.toPlainDate().subtract({ days: back });
        if (days && !days.includes(day.dayOfWeek)) return false;
        const begin = instant(day, from, zone);
        const end = instant(to > from && to < 1440 ? day : day.add({ days: 1 }), to % 1440, zone);
        return begin <= now && now < end;
      });
    if (inside([1, 2, 3, 4, 5], 540, 1080)) return 0;
    if (inside(undefined, 1320, 150)) return 1;
    if (here.dayOfWeek === 7) return 2;
    return 3;
  }

  const instants = new Map<string, number>();

  /** Minute by minute until the clock shows it, or more: what it skips has come at the end of the gap. */
  function instant(day: Temporal.PlainDate, minute: number, zone: string): number {
    const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    const name = `${day.toString()}T${time} ${zone}`;
    const known = instants.get(name);
    if (known !== undefined) return known;
    const meant = Temporal.PlainDateTime.from(`${day.toString()}T${time}`);
    let shown = meant.toZonedDateTime(zone);
    // Far enough back to be before both of two equal times and before the whole gap.
    shown = shown.subtract({ hours: 3 });
    while (Temporal.PlainDateTime.compare(shown.toPlainDateTime(), meant) < 0)
      shown = shown.add({ minutes: 1 });
    instants.set(name, shown.epochMilliseconds);
    return shown.epochMilliseconds;
  }

  it('change only where nextBand says so', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
        (zone, now) => {
          const edge = nextBand(bands, zone, now)!;
          expect(bandAt(bands, zone, edge)).not.toBe(bandAt(bands, zone, now));
          expect(bandAt(bands, zone, edge - 1)).toBe(bandAt(bands, zone, now));
        },
      ),
    );
  });
});
