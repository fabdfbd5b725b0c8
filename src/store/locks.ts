// Locks by name in the ledger: inside a transaction, or held by this process for as long as it lives.
import { sql } from 'drizzle-orm';
import type { Database, Tx } from './connection.ts';
import { gathered } from './gathered.ts';

const space = 7_462_100;

/** Waits until no other transaction holds this name; held until the transaction ends. Take it before any row. */
export async function holdName(tx: Tx, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${space}::int, hashtext(${name}))`);
}

/** The same for many names at once; always in the same order, so that nobody waits for each other. */
export async function holdNames(tx: Tx, names: string[]): Promise<void> {
  if (names.length === 0) return;
  await tx.execute(sql`select pg_advisory_xact_lock(${space}::int, h) from (
    select distinct hashtext(n) as h from json_array_elements_text(${JSON.stringify(names)}::text::json) n order by h) x`);
}

/**
 * Names held by this process on one connection, which is open only while a name is held. They are free again at once
 * when the process dies or the connection breaks.
 */
export interface Locks {
  /** False when somebody holds it, this process included. */
  take(name: string): Promise<boolean>;
  release(name: string): Promise<void>;
  /** Whether it is still held; a broken connection loses all. */
  holds(name: string): boolean;
  /** Since when by the ledger's clock, in microseconds, and surely held at that moment; undefined when it is not. */
  since(name: string): number | undefined;
}

interface Session {
  take(name: string): Promise<number | undefined>;
  release(name: string): Promise<boolean>;
  end(): void;
  ended: Promise<void>;
  /** With the moment since when. */
  names: Map<string, number>;
}

/** How often the server hears that we live, and how long it believes that without hearing it again; in milliseconds. */
export interface Beat {
  beatMs: number;
  lifeMs: number;
}

/** Opens nothing yet. */
export function openLocks(database: Database, beat: Beat = { beatMs: 8_000, lifeMs: 25_000 }): Locks {
  let opening: Promise<Session> | undefined;
  const taking = new Set<string>();
  // Those that are given back at this moment: until then the connection stays.
  let leaving = 0;
  const open = () => {
    const made = openSession(database, beat);
    opening = made;
    const forget = () => {
      if (opening === made) opening = undefined;
    };
    made
      .then(
        (session) => session.ended,
        () => {},
      )
      .then(forget, forget);
    return made;
  };
  let current: Session | undefined;

  async function close(session: Session): Promise<void> {
    if (session.names.size > 0 || taking.size > 0 || leaving > 0) return;
    opening = undefined;
    current = undefined;
    session.end();
    await session.ended.catch(() => {});
  }

  return {
    holds: (name) => current?.names.has(name) ?? false,
    since: (name) => current?.names.get(name),
    async take(name) {
      if (taking.has(name) || current?.names.has(name)) return false;
      taking.add(name);
      let session: Session | undefined;
      try {
        session = await (opening ?? open());
        const since = await session.take(name);
        current = session;
        if (since !== undefined) session.names.set(name, since);
        return since !== undefined;
      } finally {
        taking.delete(name);
        if (session) await close(session);
      }
    },
    async release(name) {
      const session = current;
      if (!session?.names.delete(name)) return;
      leaving++;
      await session.release(name).catch(() => {});
      leaving--;
      await close(session);
    },
  };
}

// A transaction that does nothing: the driver reports its broken connection, and it holds back no cleaning of rows. A
// process that is frozen misses its beats; the server ends the transaction, and others take what it held.
function openSession(database: Database, { beatMs, lifeMs }: Beat): Promise<Session> {
  return new Promise((resolve, reject) => {
    const names = new Map<string, number>();
    let beat: NodeJS.Timeout | undefined;
    const ended = database.sql.begin(async (tx) => {
      await tx.unsafe(`set local idle_in_transaction_session_timeout = ${lifeMs}`);
      await new Promise<void>((end, lose) => {
        beat = setInterval(() => tx`select 1`.catch(lose), beatMs).unref();
        // In the order of the list.
        const take = gathered(async (wanted: string[]) => {
          const rows = await tx`select case when pg_try_advisory_lock(${space}::int, hashtext(n))
              then extract(epoch from clock_timestamp()) * 1e6 end as since
            from json_array_elements_text(${JSON.stringify(wanted)}::text::json) n`;
          return rows.map(({ since }) => (since === null ? undefined : Number(since)));
        });
        const release = gathered(async (held: string[]) => {
          const rows = await tx`select pg_advisory_unlock(${space}::int, hashtext(n)) as yes
            from json_array_elements_text(${JSON.stringify(held)}::text::json) n`;
          return rows.map(({ yes }) => yes === true);
        });
        resolve({
          names,
          end,
          get ended() {
            return gone;
          },
          take,
          release,
        });
      });
    });
    const over = () => {
      clearInterval(beat);
      names.clear();
    };
    const gone: Promise<void> = ended.then(over, (error) => {
      over();
      reject(error);
      throw error;
    });
    gone.catch(() => {});
  });
}
