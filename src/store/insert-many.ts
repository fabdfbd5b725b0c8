// Many rows in one parameter: a statement that PostgreSQL has planned before, however many rows there are.
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/**
 * `insert into table (…) select … from json_to_recordset(…)`, to which a conflict clause may be added. Every row has the
 * same fields as the first; at least one row.
 */
export function insertMany<T extends PgTable>(table: T, rows: T['$inferInsert'][]): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([field]) => field in (rows[0] as object));
  const records = rows.map((row) => {
    const values = row as Record<string, unknown>;
    return Object.fromEntries(
      columns.map(([field, column]) => {
        const value = values[field] ?? null;
        const isJson = column.getSQLType() === 'jsonb';
        return [column.name, value === null || isJson ? value : column.mapToDriverValue(value)];
      }),
    );
  });
  const names = sql.raw(columns.map(([, { name }]) => `"${name}"`).join(', '));
  const types = sql.raw(columns.map(([, column]) => `"${column.name}" ${column.getSQLType()}`).join(', '));
  return sql`insert into ${table} (${names}) select ${names}
    from json_to_recordset(${JSON.stringify(records)}::text::json) as v(${types})`;
}
