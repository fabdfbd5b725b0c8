// One of many, as a single parameter: a statement that PostgreSQL has planned before, however many there are.
import { type Column, type SQL, sql } from 'drizzle-orm';

/** `column` is one of these texts. As an array, which an index is asked for: a sub-select is taken for a hundred rows. */
export function among(column: Column | SQL, texts: readonly string[]): SQL {
  return sql`${column} = any(array(select json_array_elements_text(${JSON.stringify(texts)}::text::json)))`;
}
