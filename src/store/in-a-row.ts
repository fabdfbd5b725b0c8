// Statements of one connection that each stand for themselves: sent in one go, in the order given, each its own transaction.
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import type { Database, Db } from './connection.ts';

/** Takes statements that are written out; so do a pool and a transaction. */
export type Line = Pick<Db, 'execute'>;

const dialect = new PgDialect();

/**
 * Each statement sees what the ones before it have committed, and runs although they failed. What is asked without waiting
 * for an answer goes out in one write: each write wakes a server process, which costs more than most statements.
 */
export function inARow<T>({ sql }: Pick<Database, 'sql'>, ask: (line: Line) => Promise<T>): Promise<T> {
  return sql.row((own) => ask(lineOf(own)));
}

/** Sends what it is given at once. */
export function lineOf(own: postgres.Sql): Line {
  const line = {
    execute(statement: SQL) {
      const { sql: text, params } = dialect.sqlToQuery(statement);
      return own.unsafe(text, params as never[]).execute();
    },
  };
  return line as unknown as Line;
}
