// Rows that come as JSON, so that one statement can answer with those of several tables: the other way of `insertMany`.
import { getTableColumns } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/** What `to_json` or `json_agg` says of a row of this table. */
export type JsonRow = Record<string, unknown>;

/** The row as a select of the table gives it. */
export function rowOf<T extends PgTable>(table: T, json: JsonRow): T['$inferSelect'] {
  const row: Record<string, unknown> = {};
  for (const { field, name, read } of partsOf(table)) {
    const value = json[name] ?? null;
    row[field] = value === null || !read ? value : read(value);
  }
  return row as T['$inferSelect'];
}

interface Part {
  field: string;
  name: string;
  read: ((value: unknown) => unknown) | undefined;
}

/** These come from JSON as they are; a text in a jsonb column must not be read once more. */
const plain = new Set(['PgText', 'PgInteger', 'PgSmallInt', 'PgBoolean', 'PgDoublePrecision', 'PgJsonb']);
const known = new Map<PgTable, Part[]>();

function partsOf(table: PgTable): Part[] {
  let parts = known.get(table);
  if (!parts) {
    parts = Object.entries(getTableColumns(table)).map(([field, column]) => {
      const read = (value: unknown) => column.mapFromDriverValue(value);
      return { field, name: column.name, read: plain.has(column.columnType) ? undefined : read };
    });
    known.set(table, parts);
  }
  return parts;
}
