// A stretch of time to come as people say it: for 2h, tonight, tomorrow 10-12, until monday 8, from 22:00 for 30m.
import { ComingDays, clock, day, dayEnd, moment } from './coming-days.ts';
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

/** `tomorrow 10-12`, `22-6` */
const hours: Reader = {
  form: form(`(?:(${day}) )?(?:from )?(${clock}) ?(?:-|${until}) ?(${clock})`),
  read([, on, first = '', last = ''], days) {
    const name = on === undefined ? first : `${on} ${first}`;
    // Of the hours that are now, the rest; `monday 10-12` in the afternoon is next Monday's.
    let from = days.find(name, on === undefined ? days.now - 86_400_000 : days.at(days.today, 0) - 1, 0);
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
    // `monday-friday` on a Monday is this week's rest; a day as the end is the whole of it.
    const from = days.find(first, isDay.test(first) ? days.at(days.today, 0) - 1 : days.now, 0);
    return from === undefined ? undefined : between(days, from, days.find(last, from, dayEnd));
  },
};
const isDay = form(day);

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

const readers = [tonight, weekend, untilThen, hours, fromTo, lastingFrom, fromLasting, wholeDay];

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
  const days = new ComingDays(zone, now);
  for (const reader of readers) {
    const found = reader.form.exec(said);
    if (found) return reader.read(found, days, morning);
  }
  return undefined;
}

function lasting(days: ComingDays, first: string, span: string): ComingSpan | undefined {
  const ms = parseDuration(span);
  const from = days.find(first, days.now, 0);
  return ms === undefined || from === undefined ? undefined : between(days, from, from + ms);
}

function between({ now }: ComingDays, from: number, end: number | undefined): ComingSpan | undefined {
  if (end === undefined || end <= from || end <= now) return undefined;
  return from <= now ? { for: end - now } : { startsAt: from, for: end - from };
}
