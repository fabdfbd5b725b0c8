// Statements whose text is always the same: sent as they are, instead of being put together anew each time.
import type postgres from 'postgres';
import type { Reader } from './connection.ts';
import { driverOf } from './driver.ts';

type Row = Record<string, unknown>;

/**
 * A statement of this text; its values stand there as `$1`, `$2` … and are cast from text. Unsent until it is waited for, and then
 * it goes out before those of drizzle that were asked in the same turn: where the order counts (a lock, and what it guards),
 * all of them are constant, or none.
 */
export function constant<R extends Row = Row>(text: string) {
  return (db: Reader, values: string[]): postgres.PendingQuery<R[]> => driverOf(db).unsafe<R[]>(text, values);
}
