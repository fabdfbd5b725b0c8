// The driver below drizzle, for what drizzle cannot say: a text that stays the same, a copy, where a statement goes out.
import type postgres from 'postgres';
import type { Reader } from './connection.ts';

/** The pool, or the connection of the transaction; what is the driver's already stays as it is. */
export function driverOf(db: Reader | postgres.TransactionSql): postgres.ISql {
  return 'session' in db ? (db as unknown as Drizzle).session.client : (db as postgres.TransactionSql);
}

// Drizzle has it, and does not tell its type.
interface Drizzle {
  session: { client: postgres.ISql };
}
