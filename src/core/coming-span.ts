// A stretch of time to come as people say it: for 2h, tonight, tomorrow 10-12, until monday 8, from 22:00 for 30m.
import { Temporal } from 'temporal-polyfill';
import { parseDuration } from './duration.ts';
import { parseClock } from './hours.ts';

/** `startsAt` absent: from now on. */
export interface ComingSpan {
  startsAt?: number;
  for: number;
}

/** In whose days, and when their morning is (minutes since midnight): a day without an hour ends a wait then. */
export interface Whose {
  zone: string;
  morning: number;
}

const weekday = '(?:next )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}';
const day = `(?:today|tomorrow|${weekday}|\\d{4}-\\d\\d-\\d\\d)`;
const clock = '\\d{1,2}(?:[:.h]\\d\\d)?(?: ?[ap]m)?';
const moment = `(?:${day}(?: ${clock})?|${clock})`;
const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const dayEnd = 24 * 60;
const form = (text: string) => new RegExp(`^${text}$`);
const forms = {
  until: form(`(?:until|till|to) (${moment})`),
  hours: form(`(?:(${day}) )?(?:from )?(${clock}) ?(?:-|to|until|till) ?(${clock})`),
  between: form(`(?:from )?(${moment}) ?(?:-|to|until|till) ?(${moment})`),
  later: form(`(?:for )?(.{2,20}) from (${moment})`),
  lasting: form(`(?:from )?(${moment}) for (.{2,20})`),
  whole: form(`(?:all |all of )?(${day})`),
};

/** Undefined when it is none, or over already. */
export function readComingSpan(text: string, { zone, morning }: Whose, now: number): ComingSpan | undefined {
  const said = text
    .slice(0, 100)
    .toLowerCase()
    .replace(/[–—]/g, '-')
    .replace(/\b(on|at|the|this)\b|,/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const span = parseDuration(said.replace(/^for /, ''));
  if (span !== undefined) return { for: span };
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const today = here.toPlainDate();
  const at = (date: Temporal.PlainDate, minute: number): number =>
    minute === dayEnd
      ? at(date.add({ days: 1 }), 0)
      : date.toZonedDateTime({
          timeZone: zone,
          plainTime: new Temporal.PlainTime(Math.floor(minute / 60), minute % 60),
        }).epochMilliseconds;
  /** The first instant after `after` that is called so; a day without an hour is its minute `usual`. */
  const instantOf = (called: string, after: number, usual: number): number | undefined => {
    const [, dayName, hour] = form(`(${day})?(?: ?(${clock}))?`).exec(called) ?? [];
    const minute = hour === undefined ? usual : parseClock(hour);
    if (minute === undefined) return undefined;
    const first = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(zone).toPlainDate();
    if (dayName === undefined)
      return firstAfter(
        after,
        [0, 1, 2].map((days) => at(first.add({ days }), minute)),
      );
    if (dayName === 'today') return at(today, minute);
    if (dayName === 'tomorrow') return at(today.add({ days: 1 }), minute);
    if (/^\d/.test(dayName)) {
      const date = dateOf(dayName);
      return date && at(date, minute);
    }
    const wanted = names.indexOf(dayName.replace(/^next /, '').slice(0, 3)) + 1;
    // `next` is after today, whenever the search begins.
    const isNext = dayName.startsWith('next ');
    const base = isNext && Temporal.PlainDate.compare(first, today) < 0 ? today : first;
    const ahead = (wanted - base.dayOfWeek + 7) % 7;
    const skip = isNext && ahead === 0 ? 7 : 0;
    return firstAfter(
      after,
      [ahead + skip, ahead + 7].map((days) => at(base.add({ days }), minute)),
    );
  };
  const between = (from: number | undefined, until: number | undefined): ComingSpan | undefined => {
    if (from === undefined || until === undefined || until <= from || until <= now) return undefined;
    return from <= now ? { for: until - now } : { startsAt: from, for: until - from };
  };
  if (/^(tonight|night)$/.test(said)) {
    // After midnight it is the night that is.
    const from = here.hour < 7 ? now : at(today, 22 * 60);
    return between(from, at(here.hour < 7 ? today : today.add({ days: 1 }), 7 * 60));
  }
  if (/^weekend$/.test(said)) {
    const saturday = today.add({ days: here.dayOfWeek === 7 ? -1 : 6 - here.dayOfWeek });
    return between(at(saturday, 0), at(saturday.add({ days: 2 }), 0));
  }
  let found = forms.until.exec(said);
  if (found) return between(now, instantOf(found[1]!, now, morning));
  found = forms.hours.exec(said);
  if (found) {
    const [, on, first, last] = found;
    // Of the hours that are now, the rest; `monday 10-12` in the afternoon is next Monday's.
    const dawn = on === undefined ? now - 86_400_000 : at(today, 0) - 1;
    let from = instantOf(on === undefined ? first! : `${on} ${first}`, dawn, 0);
    for (let tries = 0; from !== undefined && tries < 3; tries++) {
      const until = instantOf(last!, from, 0);
      if (until === undefined || until > now) return between(from, until);
      from = instantOf(on === undefined ? first! : `${on} ${first}`, from, 0);
    }
    return undefined;
  }
  found = forms.between.exec(said);
  if (found) {
    // `monday-friday` on a Monday is this week's rest; a day as the end is the whole of it.
    const isDay = form(day).test(found[1]!);
    const from = instantOf(found[1]!, isDay ? at(today, 0) - 1 : now, 0);
    return between(from, from === undefined ? undefined : instantOf(found[2]!, from, dayEnd));
  }
  found = forms.later.exec(said) ?? forms.lasting.exec(said);
  if (found) {
    const isLater = forms.later.test(said);
    const lasts = parseDuration((isLater ? found[1] : found[2])!);
    const from = instantOf((isLater ? found[2] : found[1])!, now, 0);
    return lasts === undefined || from === undefined ? undefined : between(from, from + lasts);
  }
  found = forms.whole.exec(said);
  const from = found && instantOf(found[1]!, at(today, 0) - 1, 0);
  if (from === null || from === undefined) return undefined;
  const date = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).toPlainDate();
  return between(from, at(date.add({ days: 1 }), 0));
}

function firstAfter(after: number, instants: number[]): number | undefined {
  return instants.find((instant) => instant > after);
}

function dateOf(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return undefined;
  }
}
