// A stretch of time to come as people say it: for 2h, tonight, tomorrow 10-12, until monday 8, from 22:00 for 30m.
import { ComingDays, calendar, clock, day, dayEnd, moment, month, ordinal } from './coming-days.ts';
import { parseDuration } from './duration.ts';

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

/** One way of saying it. What has the form is read by it and by no other, also when it comes to nothing. */
interface Reader {
  form: RegExp;
  read(found: RegExpExecArray, days: ComingDays, morning: number): ComingSpan | undefined;
}

const form = (text: string) => new RegExp(`^${text}$`);
const until = '(?:until|till|to)';

const tonight: Reader = {
  form: form('(?:tonight|night)'),
  read(_found, days) {
    // After midnight it is the night that is.
    const isNight = days.here.hour < 7;
    const from = isNight ? days.now : days.at(days.today, 22 * 60);
    return between(days, from, days.at(isNight ? days.today : days.today.add({ days: 1 }), 7 * 60));
  },
};

const weekend: Reader = {
  form: form('weekend'),
  read(_found, days) {
    const { dayOfWeek } = days.here;
    const saturday = days.today.add({ days: dayOfWeek === 7 ? -1 : 6 - dayOfWeek });
    return between(days, days.at(saturday, 0), days.at(saturday.add({ days: 2 }), 0));
  },
};

const untilThen: Reader = {
  form: form(`${until} (${moment})`),
  read: ([, end = ''], days, morning) => between(days, days.now, days.find(end, days.now, morning)),
};

/** `1-5 dec`, `december 3 to 7`: numbers beside a month are its days, never hours. */
const dates: Reader = {
  form: form(
    `(?:from )?(?:(${ordinal}) ?(?:-|${until}) ?(${ordinal}) (?:of )?(${month})|(${month}) (${ordinal}) ?(?:-|${until}) ?(${ordinal}))( \\d{4})?`,
  ),
  read([, early = '', late = '', name, named, first = early, last = late, year = ''], days) {
    if (Number.parseInt(last, 10) < Number.parseInt(first, 10)) return undefined;
    const of = `${name ?? named}${year}`;
    return stretch(days, `${first} ${of}`, `${last} ${of}`);
  },
};

/** `tomorrow 10-12`, `22-6` */
const hours: Reader = {
  form: form(`(?:(${day}) )?(?:from )?(${clock}) ?(?:-|${until}) ?(${clock})`),
  read([, on, first = '', last = ''], days) {
    const name = on === undefined ? first : `${on} ${first}`;
    // Of the hours that are now, the rest, also of a night that began yesterday; `monday 10-12` in the afternoon is next
    // Monday's.
    const yesterday = days.at(days.today.subtract({ days: 1 }), 0) - 1;
    let from = days.find(name, on === undefined ? days.now - 86_400_000 : yesterday, 0);
    for (let tries = 0; from !== undefined && tries < 3; tries++) {
      const end = days.find(last, from, 0);
      if (end === undefined || end > days.now) return between(days, from, end);
      from = days.find(name, from, 0);
    }
    return undefined;
  },
};

/** `monday-friday`, `tuesday 18:00 to wednesday` */
const fromTo: Reader = {
  form: form(`(?:from )?(${moment}) ?(?:-|${until}) ?(${moment})`),
  read([, first = '', last = ''], days) {
    // A number beside a date may be an hour as well as a day.
    if ((isNumber.test(first) && hasDate.test(last)) || (isNumber.test(last) && hasDate.test(first)))
      return undefined;
    return stretch(days, first, last);
  },
};
const isDay = form(day);
const isNumber = form(ordinal);
const hasDate = new RegExp(`^${calendar}`);

/** `2h from 22:00` */
const lastingFrom: Reader = {
  form: form(`(?:for )?(.{2,20}) from (${moment})`),
  read: ([, span = '', first = ''], days) => lasting(days, first, span),
};

/** `from 22:00 for 2h` */
const fromLasting: Reader = {
  form: form(`(?:from )?(${moment}) for (.{2,20})`),
  read: ([, first = '', span = ''], days) => lasting(days, first, span),
};

const wholeDay: Reader = {
  form: form(`(?:all |all of )?(${day})`),
  read([, name = ''], days) {
    const from = days.find(name, days.at(days.today, 0) - 1, 0);
    if (from === undefined) return undefined;
    return between(days, from, days.at(days.dateOf(from).add({ days: 1 }), 0));
  },
};

const readers = [tonight, weekend, untilThen, dates, hours, fromTo, lastingFrom, fromLasting, wholeDay];

/** What a date without a year may be ahead: most of a year, so that one just gone by is not the next by mistake. */
const farthest = 305 * 86_400_000;

/** Undefined when it is none, or over already; `which-year`: a date that would be nearly a year ahead, and says none. */
export function readComingSpan(
  text: string,
  { zone, morning }: Whose,
  now: number,
): ComingSpan | 'which-year' | undefined {
  const said = text
    .slice(0, 100)
    .toLowerCase()
    .replace(/[–—]/g, '-')
    .replace(/\b(on|at|the|this)\b|,/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const span = parseDuration(said.replace(/^for /, ''));
  if (span !== undefined) return { for: span };
  const days = new ComingDays(zone, now);
  for (const reader of readers) {
    const found = reader.form.exec(said);
    if (!found) continue;
    const span = reader.read(found, days, morning);
    const isFar = span !== undefined && (span.startsAt ?? now) + span.for > now + farthest;
    return isFar && namesMonth.test(said) && !/\d{4}/.test(said) ? 'which-year' : span;
  }
  return undefined;
}
const namesMonth = new RegExp(`(?<![a-z])${month}(?![a-z])`);

/** From the one to the other; a day as the end is the whole of it, and dates that hold now are those that are meant. */
function stretch(days: ComingDays, first: string, last: string): ComingSpan | undefined {
  // `monday-friday` on a Monday is this week's rest.
  const early = isDay.test(first) ? days.at(days.today, 0) - 1 : days.now;
  if (!hasDate.test(first) || /\d{4}/.test(first)) {
    const from = days.find(first, early, 0);
    return from === undefined ? undefined : between(days, from, days.find(last, from, dayEnd));
  }
  // Of the last date that was called so, and of the next.
  let from = days.find(first, days.at(days.today.subtract({ years: 1 }), 0) - 1, 0);
  for (let tries = 0; from !== undefined && tries < 3; tries++) {
    const end = days.find(last, from, dayEnd);
    const next = days.find(first, from, 0);
    const isBefore = end !== undefined && next !== undefined && next < end;
    if (end !== undefined && end > days.now && !isBefore) return between(days, from, end);
    from = next;
  }
  return undefined;
}

function lasting(days: ComingDays, first: string, span: string): ComingSpan | undefined {
  const ms = parseDuration(span);
  if (ms === undefined) return undefined;
  const from = days.find(first, hasDate.test(first) ? days.now - ms : days.now, 0);
  return from === undefined ? undefined : between(days, from, from + ms);
}

function between({ now }: ComingDays, from: number, end: number | undefined): ComingSpan | undefined {
  if (end === undefined || end <= from || end <= now) return undefined;
  return from <= now ? { for: end - now } : { startsAt: from, for: end - from };
}
