// Many rows in one parameter: a statement that PostgreSQL has planned before, however many rows there are.
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/** Rows of these fields of a table, as one text. */
export interface Records<T extends PgTable> {
  /** `(…) select … from json_to_recordset(…)`, to stand behind `insert into` and the table. */
  select(parameter: string): string;
  /** What the parameter is then. Absent is the column's default, where that is a plain value, or null. */
  text(rows: T['$inferInsert'][]): string;
}

/** How rows of these fields are written into the table. */
export function recordsOf<T extends PgTable>(table: T, fields: readonly string[]): Records<T> {
  const columns = Object.entries(getTableColumns(table)).filter(([field]) => fields.includes(field));
  const names = columns.map(([, { name }]) => `"${name}"`).join(', ');
  const types = columns.map(([, column]) => `"${column.name}" ${column.getSQLType()}`).join(', ');
  const parts = columns.map(([field, column]) => {
    const usual = typeof column.default === 'object' ? null : (column.default ?? null);
    const asIs = column.getSQLType() === 'jsonb';
    return { field, name: column.name, usual, asIs, column };
  });
  return {
    select: (parameter) =>
      `(${names}) select ${names} from json_to_recordset(${parameter}::text::json) as v(${types})`,
    text: (rows) =>
      JSON.stringify(
        rows.map((row) => {
          const record: Record<string, unknown> = {};
          for (const { field, name, usual, asIs, column } of parts) {
            const given = (row as Record<string, unknown>)[field];
            const value = given === undefined ? usual : given;
            record[name] = value === null || asIs ? value : column.mapToDriverValue(value);
          }
          return record;
        }),
      ),
  };
}

/**
 * `insert into table (…) select … from json_to_recordset(…)`, to which a conflict clause may be added. Every row has the
 * same fields as the first; at least one row.
 */
export function insertMany<T extends PgTable>(table: T, rows: T['$inferInsert'][]): SQL {
  const { select, text } = recordsOf(table, Object.keys(rows[0] as object));
  const [before = '', after = ''] = select('?').split('?');
  return sql`insert into ${table} ${sql.raw(before)}${text(rows)}${sql.raw(after)}`;
}
