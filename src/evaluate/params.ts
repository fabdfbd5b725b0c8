// Building blocks for the params of kinds: a field's name, a number, a value or several.
import { z } from 'zod';
import { asText } from '#core/field.ts';

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

const single = z.union([z.string().max(256), z.number(), z.boolean()]);

/** One value or up to 50, kept as texts as `asText` writes them. */
export const valueList = z
  .union([single, z.array(single).min(1, 'name at least one value').max(50, 'at most 50 values')])
  .transform((value) => [...new Set((Array.isArray(value) ? value : [value]).map((one) => asText(one)!))]);
