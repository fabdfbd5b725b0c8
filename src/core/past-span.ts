// A stretch of the past as people say it: last night, today, yesterday, this week, 2h.
import { Temporal } from 'temporal-polyfill';
import { parseDuration, sayDuration } from './duration.ts';
import { type Window, windowEnd } from './hours.ts';

export interface PastSpan {
  from: number;
  until: number;
  /** As it was meant: `last night`. */
  name: string;
}

const usualNight: Window = { from: 21 * 60, to: 7 * 60 };
const longest = 31 * 86_400_000;

/** The span in the zone's own days, `night` being one's quiet hours; undefined when it is none. */
export function readPastSpan(
  text: string,
  zone: string,
  night: Window | undefined,
  now: number,
): PastSpan | undefined {
  const said = text.trim().toLowerCase().replace(/\s+/g, ' ');
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const today = here.startOfDay();
  const daysAgo = (days: number) => today.subtract({ days }).epochMilliseconds;
  const until = now + 1;
  switch (said) {
    case 'last night':
    case 'night':
    case 'tonight':
      return lastNight(night ?? usualNight, zone, now);
    case 'today':
      return { from: today.epochMilliseconds, until, name: 'today' };
    case 'yesterday':
      return { from: daysAgo(1), until: today.epochMilliseconds, name: 'yesterday' };
    case 'this week':
      return { from: daysAgo(here.dayOfWeek - 1), until, name: 'this week' };
    case 'last week': {
      const monday = daysAgo(here.dayOfWeek - 1);
      return { from: daysAgo(here.dayOfWeek + 6), until: monday, name: 'last week' };
    }
  }
  const ms = parseDuration(
    said
      .replace(/^(the )?last /, '')
      .replace(/ ago$/, '')
      .replace(/^(day|hour)$/, '1 $1'),
  );
  if (ms === undefined || ms <= 0) return undefined;
  const back = Math.min(ms, longest);
  return { from: now - back, until, name: `the last ${sayDuration(back).replace(/^1 day$/, 'day')}` };
}

/** The night that is, or the last one that was, whatever days the window names. */
function lastNight({ from, to }: Window, zone: string, now: number): PastSpan {
  const window = { from, to };
  const name = 'last night';
  if (windowEnd(window, zone, now) !== undefined)
    return { from: begin(window, zone, now), until: now + 1, name };
  const minute = 60_000;
  // Backwards to the end of the last one: at most a day and the change of a clock.
  for (let at = now - (now % minute); at > now - 26 * 60 * minute; at -= 15 * minute) {
    const end = windowEnd(window, zone, at);
    if (end !== undefined) return { from: begin(window, zone, at), until: end, name };
  }
  return { from: now - 86_400_000, until: now + 1, name };
}

function begin(window: Window, zone: string, inside: number): number {
  const here = Temporal.Instant.fromEpochMilliseconds(inside).toZonedDateTimeISO(zone);
  const time = new Temporal.PlainTime(Math.floor(window.from / 60) % 24, window.from % 60);
  const start = (days: number) =>
    here.toPlainDate().subtract({ days }).toZonedDateTime({ timeZone: zone, plainTime: time })
      .epochMilliseconds;
  return start(0) <= inside ? start(0) : start(1);
}
