// Schedules by a zone's own clock, over the days on which clocks change.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronFault, nextCron } from '#core/cron.ts';

const clock = (zone: string) =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });

describe('a fixed time of day', () => {
  it.each([
    'Europe/Berlin',
    'America/New_York',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'UTC',
  ])('comes once on each day of the year in %s, at that wall clock or at the end of the gap', (zone) => {
    const says = clock(zone);
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), (hour, minute) => {
        let now = Date.UTC(2026, 0, 1);
        const days: string[] = [];
        const wall = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        for (; now < Date.UTC(2027, 0, 1); ) {
          now = nextCron(`${minute} ${hour} * * *`, zone, now)!;
          const [day, time] = says.format(now).split(', ');
          days.push(day!);
          if (time === wall) continue;
          // In the gap: the wall clock never showed this time on this day, and it jumped just now.
          const minutes = Array.from({ length: 1440 * 2 }, (_, i) => says.format(now - (i - 1440) * 60_000));
          expect(minutes).not.toContain(`${day}, ${wall}`);
          expect(says.format(now - 60_000) < `${day}, ${wall}`).toBe(true);
        }
        expect(new Set(days).size).toBe(days.length);
        expect(days.length).toBeGreaterThanOrEqual(365);
      }),
      { numRuns: 6 },
    );
  });
});

it('comes in every hour that really passes when it comes hourly', () => {
  let now = Date.UTC(2026, 9, 24, 22, 5);
  for (let i = 0; i < 6; i++) {
    const next = nextCron('0 * * * *', 'Europe/Berlin', now)!;
    expect(next - now).toBe(i === 0 ? 55 * 60_000 : 3_600_000);
    now = next;
  }
});

it.each([
  ['61 * * * *', '“61 * * * *” is no schedule: its minute cannot be “61”'],
  ['* * * *', '“* * * *” is no schedule: it has 4 parts, not five (minute, hour, day, month, weekday)'],
  ['0 25 * * *', '“0 25 * * *” is no schedule: its hour cannot be “25”'],
  ['0 9 * * Fryday', '“0 9 * * Fryday” is no schedule: its weekday cannot be “Fryday”'],
  ['* * * * * *', '“* * * * * *” is no schedule: '],
  ['? 3 * * *', '“? 3 * * *” has a ?'],
  ['0 0 30 2 *', '“0 0 30 2 *” never happens'],
  ['', '“” is no schedule: '],
  ['constructor', '“constructor” is no schedule: '],
  ['9'.repeat(200), 'a schedule has at most 100 characters'],
])('refuses %j with a reason', (line, fault) => {
  expect(cronFault(line)).toContain(fault);
});

it('takes the common forms', () => {
  for (const line of ['0 3 * * *', '*/5 9-17 * * MON-FRI', '@daily', '0 0 L * *', '0 0 29 2 *'])
    expect(cronFault(line)).toBeUndefined();
});
