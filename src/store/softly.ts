// For transactions of `db` that turn out to be of the kind that `soft` is for.
import { sql } from 'drizzle-orm';
import type { Tx } from './connection.ts';

/** Its commit does not wait for the disk; a statement that is not sent yet. */
export const softly = (tx: Tx) => tx.execute(sql`select set_config('synchronous_commit', 'off', true)`);
