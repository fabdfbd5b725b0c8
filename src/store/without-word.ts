// A column in which one word is replaced by another, as a whole word only: a short name stands inside of others.
import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/** Whether it may be looked for in free text: what is shorter, or has no letter, stands there for something else. */
export const isTelling = (word: string) => [...word].length >= 3 && /\p{L}/u.test(word);

/** In a text. */
export function withoutWord(column: AnyPgColumn, word: string, instead: string): SQL<string> {
  return sql<string>`regexp_replace(${column}, ${wholeWord(plain(word))}, ${instead}, 'g')`;
}

/**
 * In the values of JSON, and of JSON that stands in it as text; never in a key, so that it stays what it was. What may
 * not be looked for in free text goes only where it says who did it: as `by`.
 */
export function withoutWordInJson(column: AnyPgColumn, word: string, instead: string): SQL {
  return sql`regexp_replace(${column}::text, ${amongValues(word)}, ${instead}, 'g')::jsonb`;
}

/** Whether it is there; the cheap look comes first. */
export function inValues(column: AnyPgColumn, word: string): SQL {
  const seen = formsOf(word).map((form) => sql`strpos(${column}::text, ${form}) > 0`);
  return sql`(case when ${sql.join(seen, sql` or `)} then ${column}::text ~ ${amongValues(word)} end)`;
}

function amongValues(word: string): string {
  const forms = formsOf(word).map(plain).join('|');
  const asBy = String.raw`(?<="by\\*":\s?\\*")(?:${forms})(?=\\*"| \(through )`;
  // Outside of quotes these three are values of their own.
  if (!isTelling(word) || ['true', 'false', 'null'].includes(word)) return asBy;
  // What follows a backslash may be the rest of an escape, and what is followed by a colon is a key.
  const anywhere = String.raw`(?:(?<![[:alnum:]_\\])|(?<=\\[bfnrt]))(?:${forms})(?![[:alnum:]_])(?![^"]*":)`;
  return `${asBy}|${anywhere}`;
}

/** Inside a text that is itself JSON, every quote and backslash is written once more. */
const formsOf = (word: string) => [...new Set([inJson(word), inJson(inJson(word))])];

/** `\m` and `\M` would ask for a letter at its ends, and a name may end in a sign. */
export const wholeWord = (pattern: string) => `(?<![[:alnum:]_])${pattern}(?![[:alnum:]_])`;

const plain = (word: string) => word.replace(/[!-/:-@[-^`{-~]/g, (sign) => `\\${sign}`);

const inJson = (word: string) => JSON.stringify(word).slice(1, -1);
