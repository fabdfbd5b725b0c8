// Texts shortened for the ledger: never half a character, never one that PostgreSQL refuses.
import { cleanText } from './clean.ts';

/** How much of a value is kept where it is compared with a later one: the same everywhere, or a long one seems to change. */
export const comparedLength = 256;

/** At most `length` UTF-16 units; an ellipsis shows that something is missing. */
export function cut(text: string, length: number): string {
  return cleanText(text.length <= length ? text : `${text.slice(0, length - 1)}…`);
}
