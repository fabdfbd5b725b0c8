// Instants as they are written outside: RFC 3339 text, and nothing else.
import { z } from 'zod';
import './issue-words.ts';

const shape = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d{1,12})?(?:[Zz]|[+-]\d\d:\d\d)$/;
const first = Date.UTC(2000, 0, 1);
const last = Date.UTC(2101, 0, 1);

/** Epoch milliseconds of RFC 3339 text between the years 2000 and 2100, or the sentence that says what is wrong. */
export function readTime(text: string): { ok: true; time: number } | { ok: false; text: string } {
  const parts = shape.exec(text);
  const time = parts ? Date.parse(text.replace(' ', 'T').toUpperCase()) : Number.NaN;
  if (!parts || Number.isNaN(time) || !isDay(Number(parts[1]), Number(parts[2]), Number(parts[3])))
    return { ok: false, text: 'must be RFC 3339 text such as 2026-05-04T12:30:00Z' };
  if (!isPlausible(time)) return { ok: false, text: 'must lie between the years 2000 and 2100' };
  return { ok: true, time };
}

/** Whether it lies between the years 2000 and 2100. */
export function isPlausible(time: number): boolean {
  return time >= first && time < last;
}

// Date.parse turns 30 February into 1 March.
function isDay(year: number, month: number, day: number): boolean {
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** RFC 3339 text to epoch milliseconds. */
export const instantSchema = z
  .string('must be RFC 3339 text such as 2026-05-04T12:30:00Z')
  .meta({ format: 'date-time' })
  .transform((value, context): number => {
    const read = readTime(value);
    if (read.ok) return read.time;
    context.addIssue({ code: 'custom', message: read.text });
    return z.NEVER;
  });
