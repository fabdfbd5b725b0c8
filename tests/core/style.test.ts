// How a receiver wants to be told: read, and what it means at an instant.
import { describe, expect, it } from 'vitest';
import { cappedUntil, closedUntil, gatheredUntil, isUrgent, sayCaps, styleDocument } from '#core/style.ts';

const style = (document: unknown) => styleDocument.parse(document);
const at = (text: string) => Date.parse(text);

describe('a style', () => {
  it('is read from what people write, and says what is wrong', () => {
    expect(style({ hours: 'weekdays 9-18', caps: { hour: 20, delay: '5m' }, least: 'info' })).toEqual({
      hours: [{ from: 540, to: 1080, days: [1, 2, 3, 4, 5] }],
      caps: { hour: 20, delayMs: 300_000 },
    });
    const faults = styleDocument.safeParse({
      hours: 'otherwise',
      caps: { hour: 0 },
      gather: [{ wait: 'x' }],
    });
    expect(faults.success ? [] : faults.error.issues.map(({ path }) => path.join('.'))).toEqual([
      'hours',
      'gather.0.wait',
      'caps.hour',
    ]);
  });

  it('is closed until its hours begin, over the weekend too', () => {
    const work = style({ hours: 'Mon-Fri 9-18' });
    expect(closedUntil(work, 'Europe/Berlin', at('2026-06-12T15:59:00Z'))).toBeUndefined();
    expect(closedUntil(work, 'Europe/Berlin', at('2026-06-12T16:00:00Z'))).toBe(at('2026-06-15T07:00:00Z'));
  });

  it('gathers a minute by day and once from seven to six', () => {
    const seed = style({ gather: [{ when: '19-6', wait: 'end' }, { wait: '1m' }] });
    const day = at('2026-06-12T10:00:00Z');
    expect(gatheredUntil(seed, 'UTC', day, day + 5000)).toBe(day + 60_000);
    expect(gatheredUntil(seed, 'UTC', day, at('2026-06-12T23:00:00Z'))).toBe(at('2026-06-13T06:00:00Z'));
    expect(gatheredUntil(style({}), 'UTC', day, day)).toBeUndefined();
    expect(gatheredUntil(style({ gather: [{ wait: 0 }] }), 'UTC', day, day)).toBeUndefined();
  });

  it('has room again when the oldest of an hour is an hour old, and after the delay', () => {
    const now = at('2026-06-12T10:00:00Z');
    const minute = 60_000;
    const three = [now - 50 * minute, now - 30 * minute, now - minute];
    expect(cappedUntil(style({ caps: { hour: 3 } }), three, now)).toBe(now + 10 * minute);
    expect(cappedUntil(style({ caps: { hour: 4 } }), three, now)).toBeUndefined();
    expect(cappedUntil(style({ caps: { delay: '5m' } }), three, now)).toBe(now + 4 * minute);
    expect(cappedUntil(style({ caps: { day: 1, hour: 4 } }), three, now)).toBe(
      now - minute + 24 * 60 * minute,
    );
    expect(sayCaps(style({ caps: { hour: 3, day: 9, delay: '5m' } }).caps!)).toBe(
      '3 an hour, 9 a day, one every 5 min',
    );
  });

  it('lets the urgent through: critical, what was chosen, or nothing', () => {
    expect(isUrgent({}, 'critical')).toBe(true);
    expect(isUrgent({}, 'warning')).toBe(false);
    expect(isUrgent({ urgent: 'warning' }, 'warning')).toBe(true);
    expect(isUrgent({ urgent: null }, 'critical')).toBe(false);
  });
});
