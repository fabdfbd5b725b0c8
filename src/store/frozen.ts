// Transactions of processes that were frozen in the middle of a question: nothing else ends them, and they hold rows and lanes.
import { sql } from 'drizzle-orm';
import type { Db } from './connection.ts';

/**
 * Ends connections of ours on which the server has waited for the rest of a question for so long; how many. Such a one is
 * “active”, so that no limit of the server's applies: idle_in_transaction_session_timeout begins when the answer is out,
 * and statement_timeout does not interrupt the reading of a question. Whoever thaws finds the connection lost.
 */
export async function endFrozen(db: Db, afterMs = 30_000): Promise<number> {
  const rows = await db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and usename = current_user and application_name like 'tocsin%'
      and pid <> pg_backend_pid() and state = 'active' and wait_event_type = 'Client' and wait_event = 'ClientRead'
      and query not ilike 'copy %' and state_change < clock_timestamp() - make_interval(secs => ${afterMs / 1_000}::float8)`);
  return rows.length;
}
