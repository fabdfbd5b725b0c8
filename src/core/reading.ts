// What a rule saw now: met, unmet or unknown, with the value and the limit, and where it is heading.
import { sayNumber } from './field.ts';

export interface Reading {
  is: 'met' | 'unmet' | 'unknown';
  /** True for a fact that neither lasts nor ends, such as a finished build. */
  momentary?: boolean;
  value?: number | string;
  limit?: number | string;
  /** The field of the event that the value is from. */
  field?: string;
  /** A short sentence a person can read: `93.5, limit 90`. */
  text: string;
  /** `rising about 1.2 a day`; absent where nothing is clear. */
  trend?: string;
}

/** `93.5 %, limit 90, rising about 1.2 a day`. */
export function sayReading({ text, value, trend }: Reading, unit?: string): string {
  const said = text.trim().replace(/(?<!\.)\.$/, '');
  const number = typeof value === 'number' ? sayNumber(value) : '';
  const measured =
    unit && number !== '' && said.startsWith(number) && !/^[\d.]/.test(said.slice(number.length))
      ? `${number} ${unit}${said.slice(number.length)}`
      : said;
  return trend ? `${measured}, ${trend}` : measured;
}
