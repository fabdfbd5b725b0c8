// Texts as they may be stored anywhere: no NUL, no half surrogate, which PostgreSQL and Telegram refuse.
import type { Json } from './json.ts';

/** The text with NUL removed and lone surrogates replaced by U+FFFD. */
export function cleanText(text: string): string {
  // Nearly every text is clean, and this is asked of every event.
  if (!/[\u0000\ud800-\udfff]/.test(text)) return text;
  return text.replace(/\u0000/g, '').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** The text as one line of a terminal: nothing in it that moves the cursor, turns the direction of reading or breaks the line. */
export function cleanLine(text: string): string {
  return cleanText(text)
    .replace(/[\u0001-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

/** Lines for a terminal: what others wrote may not move its cursor, colour it or change its title. */
export function cleanLines(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}

/** The same as `cleanText` for every text and name inside a JSON value; numbers that are not finite become null. */
export function cleanJson(value: Json): Json {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(cleanJson);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [cleanText(name), cleanJson(inner)]),
  );
}

/** Said of a place where a text is not clean. */
export const unclean = 'must not hold the character NUL, nor half of a character that is written as two';

/** The places in a JSON value of texts and names that `cleanText` would change. */
export function uncleanIn(value: unknown, most: number): PropertyKey[][] {
  const found: PropertyKey[][] = [];
  // Not by calls of itself: what is asked may be nested as deep as it is long.
  const open: [unknown, PropertyKey[]][] = [[value, []]];
  for (let next = open.pop(); next && found.length < most; next = open.pop()) {
    const [one, path] = next;
    if (typeof one === 'string' && cleanText(one) !== one) found.push(path);
    if (one === null || typeof one !== 'object') continue;
    const inner: [unknown, PropertyKey[]][] = Array.isArray(one)
      ? one.map((item, at) => [item, [...path, at]])
      : Object.entries(one).map(([name, item]) => [item, [...path, name]]);
    if (inner.some(([, at]) => typeof at.at(-1) === 'string' && cleanText(at.at(-1) as string) !== at.at(-1)))
      found.push(path);
    open.push(...inner.reverse());
  }
  return found;
}
