// Instants as people call them: friday 18:00, tomorrow, 9pm, next monday, 1 dec, 2026-06-01; in the days of a zone.
import { Temporal } from 'temporal-polyfill';
import { parseClock } from './hours.ts';

// Whole names and their usual short forms: `satellite`, `mongo` and `Maria` begin like days, and are none.
/** A day of the week, a month, and the number of a day: sources of expressions, in small letters. */
export const weekday =
  '(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)';
export const month =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
export const ordinal = '\\d{1,2}(?:st|nd|rd|th|\\.)?';
/** A day of a month, without a year. */
export const calendar = `(?:${ordinal} (?:of )?${month}|${month} ${ordinal}(?![:.h\\d]))`;
/** What a day is called, an hour, and an instant. */
export const day = `(?:today|tomorrow|(?:next )?${weekday}|\\d{4}-\\d\\d-\\d\\d|${calendar}(?: \\d{4})?)`;
export const clock = '\\d{1,2}(?:[:.h]\\d\\d)?(?: ?[ap]m)?';
export const moment = `(?:${day}(?: ${clock})?|${clock})`;

export const dayEnd = 24 * 60;
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const called = new RegExp(`^(${day})?(?: ?(${clock}))?$`);

/** 1 for Monday or `mon` … 7 for Sunday; 0 for what is no day of the week. */
export function weekdayOf(name: string): number {
  return weekdays.indexOf(name.replace(/^next /, '').slice(0, 3)) + 1;
}

/** The days around `now`, by the clock of a zone. */
export class ComingDays {
  readonly now: number;
  readonly here: Temporal.ZonedDateTime;
  readonly today: Temporal.PlainDate;
  private readonly zone: string;

  constructor(zone: string, now: number) {
    this.zone = zone;
    this.now = now;
    this.here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
    this.today = this.here.toPlainDate();
  }

  /** A minute of a day, from 0 to `dayEnd`. */
  at(date: Temporal.PlainDate, minute: number): number {
    if (minute === dayEnd) return this.at(date.add({ days: 1 }), 0);
    const plainTime = new Temporal.PlainTime(Math.floor(minute / 60), minute % 60);
    return date.toZonedDateTime({ timeZone: this.zone, plainTime }).epochMilliseconds;
  }

  dateOf(instant: number): Temporal.PlainDate {
    return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.zone).toPlainDate();
  }

  /** The first instant after `after` that is called so; a day without an hour is its minute `usual`. */
  find(name: string, after: number, usual: number): number | undefined {
    const [, dayName, hour] = called.exec(name) ?? [];
    const minute = hour === undefined ? usual : parseClock(hour);
    if (minute === undefined) return undefined;
    const first = this.dateOf(after);
    if (dayName === undefined)
      return firstAfter(
        after,
        [0, 1, 2].map((days) => this.at(first.add({ days }), minute)),
      );
    if (dayName === 'today') return this.at(this.today, minute);
    if (dayName === 'tomorrow') return this.at(this.today.add({ days: 1 }), minute);
    const weekday = weekdayOf(dayName);
    if (weekday > 0) return this.weekday(weekday, dayName.startsWith('next '), after, minute);
    const instants = datesOf(dayName, first.year).map((date) => this.at(date, minute));
    return /\d{4}/.test(dayName) ? instants[0] : firstAfter(after, instants);
  }

  private weekday(wanted: number, isNext: boolean, after: number, minute: number): number | undefined {
    const first = this.dateOf(after);
    // `next` is after today, whenever the search begins.
    const base = isNext && Temporal.PlainDate.compare(first, this.today) < 0 ? this.today : first;
    const ahead = (wanted - base.dayOfWeek + 7) % 7;
    const skip = isNext && ahead === 0 ? 7 : 0;
    return firstAfter(
      after,
      [ahead + skip, ahead + 7].map((days) => this.at(base.add({ days }), minute)),
    );
  }
}

/** `1 dec`: of this year and the next, of which the one ahead is meant; `1 dec 2027`, `2026-06-01`: that one. */
function datesOf(name: string, thisYear: number): Temporal.PlainDate[] {
  if (/^\d{4}-/.test(name)) return asDate(name);
  const month = months.findIndex((one) => new RegExp(`(?<![a-z])${one}`).test(name)) + 1;
  const day = Number(/(?<!\d)\d{1,2}(?!\d)/.exec(name)?.[0]);
  const year = /(?<!\d)\d{4}$/.exec(name)?.[0];
  const years = year === undefined ? [thisYear, thisYear + 1] : [Number(year)];
  return years.flatMap((one) => asDate({ year: one, month, day }));
}

function asDate(given: Parameters<typeof Temporal.PlainDate.from>[0]): Temporal.PlainDate[] {
  try {
    return [Temporal.PlainDate.from(given, { overflow: 'reject' })];
  } catch {
    return [];
  }
}

function firstAfter(after: number, instants: number[]): number | undefined {
  return instants.find((instant) => instant > after);
}
