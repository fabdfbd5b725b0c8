// Times of the week in a person's own zone: quiet hours, working hours, the next morning.
import { Temporal } from 'temporal-polyfill';

/**
 * A daily window by wall clock, minutes since midnight; `from > to` passes midnight, `to` 1440 is the day's end.
 * `days`: 1 Monday … 7 Sunday, of its start.
 */
export interface Window {
  from: number;
  to: number;
  days?: number[];
}

/** Whether the zone is one that the tz database knows. */
export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone);
  } catch {
    return false;
  }
}

/**
 * The instant at which the window that holds `now` ends, or undefined outside it. In a spring gap the end is the end
 * of the gap; in the autumn overlap the earlier of the two.
 */
export function windowEnd(window: Window, zone: string, now: number): number | undefined {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  for (const back of [0, 1]) {
    const day = here.toPlainDate().subtract({ days: back });
    if (window.days && !window.days.includes(day.dayOfWeek)) continue;
    const start = at(day, window.from, zone);
    const end = endOf(day, window.from, window.to, zone);
    if (start <= now && now < end) return end;
  }
  return undefined;
}

/** The first instant strictly after `now` at which the zone's wall clock shows this minute of the day. */
export function nextAt(minute: number, zone: string, now: number): number {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  for (const ahead of [0, 1, 2]) {
    const instant = at(today.add({ days: ahead }), minute, zone);
    if (instant > now) return instant;
  }
  return now + 86_400_000;
}

function at(day: Temporal.PlainDate, minute: number, zone: string): number {
  const time = new Temporal.PlainTime(Math.floor(minute / 60) % 24, minute % 60);
  const shown = day.toZonedDateTime({ timeZone: zone, plainTime: time });
  // What the clock skips has come when it shows the next minute, at the end of the gap.
  if (shown.toPlainTime().equals(time)) return shown.epochMilliseconds;
  const gap = shown.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  return (gap ?? shown).epochMilliseconds;
}

/** Minutes since midnight from `22:00`, `7`, `7:30`, `22.15` or `9pm`; undefined when it is no time of day. */
export function parseClock(text: string): number | undefined {
  const found = /^(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?$/i.exec(text.trim());
  if (!found) return undefined;
  let hour = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  if (found[3]) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (found[3].toLowerCase() === 'pm' ? 12 : 0);
  }
  return hour > 23 || minute > 59 ? undefined : hour * 60 + minute;
}

/** `9:00` for 540. */
export function sayClock(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What was said of these instants before: one message says the same several times, and many at once say few. */
const said = new Map<string, string>();

/**
 * The wall clock of an instant: `14:05`, with the day in front (`Fri 14:05`) unless it is `now`'s own, its date where the
 * day alone may be another (`Fri 8 May 14:05`), and the year where that is another.
 */
export function sayInstant(instant: number, zone: string, now: number): string {
  // To the second: no zone was ever apart from another by less.
  const key = `${Math.floor(instant / 1_000)} ${Math.floor(now / 1_000)} ${zone}`;
  const before = said.get(key);
  if (before !== undefined) return before;
  if (said.size >= 1_000) said.clear();
  const words = wordsOf(instant, zone, now);
  said.set(key, words);
  return words;
}

function wordsOf(instant: number, zone: string, now: number): string {
  const there = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const clock = sayClock(there.hour * 60 + there.minute);
  const apart = there.toPlainDate().since(today).days;
  if (apart === 0) return clock;
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][there.dayOfWeek - 1]!;
  if (Math.abs(apart) < 7) return `${day} ${clock}`;
  const year = there.year === today.year ? '' : ` ${there.year}`;
  return `${day} ${there.day} ${months[there.month - 1]}${year} ${clock}`;
}

/** Every instant within eight days after `now` at which one of the windows begins or ends, in order. */
export function windowEdges(windows: readonly Window[], zone: string, now: number): number[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const edges = new Set<number>();
  for (let ahead = -1; ahead <= 8; ahead++) {
    const day = today.add({ days: ahead });
    for (const { from, to, days } of windows) {
      if (days && !days.includes(day.dayOfWeek)) continue;
      edges.add(at(day, from, zone));
      edges.add(endOf(day, from, to, zone));
    }
  }
  return [...edges].filter((edge) => edge > now).sort((a, b) => a - b);
}

// 1440 is midnight at the end of the day.
function endOf(day: Temporal.PlainDate, from: number, to: number, zone: string): number {
  return at(to > from && to < 1440 ? day : day.add({ days: 1 }), to % 1440, zone);
}
