// A word of a /watch line that should be a number and is none: why not, and which number it surely is.
import { decimal } from './watch-cursor.ts';

/** `meant` only where nothing of what was typed is lost. */
export interface NumberSlip {
  fault: string;
  meant?: string;
}

/** Thousands with dots between, as much of Europe writes them: neither a number here nor a version. */
export function isGrouped(text: string): boolean {
  return /^[+-]?\d{1,3}(\.\d{3}){2,}$/.test(text);
}

/** `orVersion`: whether a version would do as well. */
export function numberSlip(text: string, orVersion: boolean): NumberSlip {
  if (decimal.test(text)) return { fault: 'is too large' };
  if (isGrouped(text))
    return { fault: 'is no number: write it without dots between', meant: text.replaceAll('.', '') };
  // 9O is 90 typed in a hurry.
  const typed = text.replace(/[oO]/g, '0').replace(/[lI]/g, '1');
  if (/^[+-]?\d+(\.\d+)?$/.test(typed)) return { fault: 'is no number', meant: typed };
  const [, digits, unit] = /^([+-]?\d+(?:\.\d+)?)(\p{L}[\p{L}/]*)$/u.exec(text) ?? [];
  if (unit === 'k' || unit === 'K')
    return {
      fault: 'is no number: write it out',
      meant: String(Number((Number(digits) * 1000).toPrecision(15))),
    };
  if (unit !== undefined)
    return { fault: 'is no number: write it out without a unit, in the unit that the events have' };
  return {
    fault: orVersion ? 'is neither a number, such as 90, nor a version, such as 1.4.0' : 'is no number',
  };
}
