// Who serves an address now: one process at a time, and a dead one's claim is free again at once.
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { at } from './at.ts';
import type { Database, Db } from './connection.ts';
import { numbered } from './numbered.ts';
import { budgets } from './schema/budgets.ts';

/** First half of the advisory lock that every process holds on its own number while it serves addresses. */
const aliveClass = 7462;

const lookMs = 10_000;

export interface Alive {
  number: number;
  /** Makes sure that the others see us. */
  confirm(): Promise<void>;
  /** Whether it was made sure a moment ago. */
  confirmed(): boolean;
  close(): Promise<void>;
}

/**
 * A sign of life on a connection of its own: a session lock on this process's number, gone in the moment the process
 * dies. Nothing is opened before the first `confirm`; `close` must be called, or the connection keeps the process.
 */
export function signOfLife(database: Database, number: number): Alive {
  let own: postgres.Sql | undefined;
  let confirmed = false;
  let lookedAt = 0;
  return {
    number,
    async confirm() {
      // A connection that is dead without our hearing of it has lost the lock: it is asked now and then.
      if (confirmed && own && performance.now() - lookedAt > lookMs) await own`select 1`;
      lookedAt = performance.now();
      if (confirmed) return;
      own ??= postgres({
        // The options of the pool as parsed; postgres.js takes them back as they are.
        ...(database.sql.options as unknown as postgres.Options<Record<string, never>>),
        max: 1,
        idle_timeout: 0,
        max_lifetime: null,
        // Cut off: the lock is gone, and is taken again before the next address is served.
        onclose: () => {
          confirmed = false;
        },
      });
      const [row] = await own`select pg_try_advisory_lock(${aliveClass}::int, ${number}::int) as yes`;
      if (row?.yes !== true) throw new Error('another process has the number of this one');
      confirmed = true;
    },
    confirmed: () => confirmed && performance.now() - lookedAt <= lookMs,
    async close() {
      confirmed = false;
      await own?.end({ timeout: 1 });
      own = undefined;
    },
  };
}

/** Whether another living process of this installation serves addresses. */
export async function othersAlive(db: Db, number: number): Promise<boolean> {
  const rows = await db.execute(sql`select 1 from pg_locks l where l.locktype = 'advisory'
    and l.classid = ${aliveClass} and l.objid::bigint <> ${number}::int and l.objsubid = 2 and l.granted
    and l.database = (select oid from pg_database where datname = current_database()) limit 1`);
  return rows.length > 0;
}

/** A SQL condition: the lease of the budgets row `b` is held by a process that is alive. */
export const leaseHeld = (now: number) => sql`(b.lease_owner is not null
  and b.lease_until > ${at(now)}
  and exists (select 1 from pg_locks l where l.locktype = 'advisory' and l.classid = ${aliveClass}
    and l.objid::bigint = b.lease_owner and l.objsubid = 2
    and l.database = (select oid from pg_database where datname = current_database())))`;

export interface Place {
  channel: string;
  address: string;
}

/** Gives addresses back, those that are still ours, whatever waits there. */
export async function returnLeases(db: Db, places: Place[], owner: number): Promise<void> {
  // In the order in which they are claimed.
  await db.execute(sql`
    with ours as (select b.channel, b.address from ${numbered(places)} v join ${budgets} b using (channel, address)
      where b.lease_owner = ${owner}::int order by b.channel, b.address for update of b)
    update ${budgets} b set lease_owner = null, lease_until = null from ours
    where b.channel = ours.channel and b.address = ours.address`);
}
