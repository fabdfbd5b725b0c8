// Building blocks for the params of kinds: a field's name, a number, a value or several.
import { z } from 'zod';
import { parseDuration, printDuration } from '#core/duration.ts';
import { asText } from '#core/field.ts';
import { isVersion } from '#core/version.ts';

/** The name of a field in an event: `usage`, `disk.free`, `labels.host`. */
export const fieldName = z
  .string()
  .trim()
  .min(1, 'which field? for example usage')
  .max(100, 'a field name has at most 100 characters')
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}_.\-/ ]*$/u, 'a field name holds letters, digits, _ . and -');

/** A finite number, also when it was typed as text. */
export const numeric = z.union([z.number(), z.string()]).transform((value, context) => {
  const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  context.addIssue({ code: 'custom', message: `“${String(value).slice(0, 40)}” is no number` });
  return z.NEVER;
});

/** A finite number, or a version such as 1.4.0, which stays the text that it is: 1.10 is not 1.1. */
export const numberOrVersion = z.union([z.number(), z.string()]).transform((value, context) => {
  const text = String(value).trim();
  if (isVersion(text)) return typeof value === 'number' ? value : text;
  const number = text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  context.addIssue({ code: 'custom', message: `“${String(value).slice(0, 40)}” is no number` });
  return z.NEVER;
});

const longest = 366 * 86_400_000;

/** A span of time, kept as people write it (`1h30m`); `msOf` reads it. */
export const span = (least: string) =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    const ms = typeof value === 'number' ? value : parseDuration(value);
    if (ms !== undefined && ms >= msOf(least) && ms <= longest) return printDuration(ms);
    const text = String(value).slice(0, 40);
    const message =
      ms === undefined || !Number.isFinite(ms)
        ? `“${text}” is no duration; try 5m, 1h30m or 2d`
        : `“${text}” is too ${ms > longest ? 'long: at most 366 days' : `short: at least ${least}`}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** The milliseconds of a `span`. */
export function msOf(text: string): number {
  return parseDuration(text) ?? 0;
}

/** A whole number between two others, also when it was typed as text. */
export const wholeNumber = (least: number, most: number) =>
  numeric.refine((value) => Number.isInteger(value) && value >= least && value <= most, {
    message: `a whole number from ${least} to ${most.toLocaleString('en-US')}`,
  });

const single = z.union([z.string().max(256), z.number(), z.boolean()]);

/** One value or up to 50, kept as texts as `asText` writes them. */
export const valueList = z
  .union([single, z.array(single).min(1, 'name at least one value').max(50, 'at most 50 values')])
  .transform((value) => [...new Set((Array.isArray(value) ? value : [value]).map((one) => asText(one)!))]);
