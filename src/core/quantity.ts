// A number with its unit, as people read it: 93.5 %, 1.2 GB, 3 min.
import { sayDuration } from './duration.ts';
import { sayNumber } from './field.ts';
import { own } from './own.ts';

const bytes = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
/** Milliseconds in what is written behind a number as a time. */
const times: Record<string, number> = { ms: 1, s: 1000, sec: 1000, seconds: 1000, min: 60_000, h: 3_600_000 };

/** The number with the unit that was declared for its field; without one, the number. */
export function sayQuantity(value: number, unit: string | undefined): string {
  const said = unit?.trim() ?? '';
  if (said === '') return sayNumber(value);
  if (/^(b|bytes?)$/i.test(said) && Math.abs(value) >= 1000) return sayBytes(value);
  const ms = (own(times, said) ?? Number.NaN) * value;
  // From a minute on, nobody wants to divide by sixty.
  if (ms >= 60_000 && ms < 1e15) return sayDuration(Math.round(ms / 1000) * 1000);
  return `${sayNumber(value)} ${said}`;
}

function sayBytes(value: number): string {
  const step = Math.min(bytes.length - 1, Math.floor(Math.log10(Math.abs(value)) / 3));
  return `${sayNumber(Number((value / 1000 ** step).toPrecision(4)))} ${bytes[step]}`;
}
