// A text column in which one word is replaced by another, as a whole word only: a short name stands inside of others.
import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

export function withoutWord(column: AnyPgColumn, word: string, instead: string): SQL<string> {
  const plain = word.replace(/[^\p{L}\p{N}_ ]/gu, (sign) => `\\${sign}`);
  return sql<string>`regexp_replace(${column}, ${`\\m${plain}\\M`}, ${instead}, 'g')`;
}
