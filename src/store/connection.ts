// The way to PostgreSQL: one pool, transactions, and what its errors mean.
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { byKeys } from './planning.ts';
import { openPool, type Pool } from './pool.ts';
import * as schema from './schema/index.ts';
import { hangingUp } from './silent-sockets.ts';

/** Where the server is: a URL, or a unix socket's folder for the embedded one. */
export type DatabaseAddress =
  | { url: string }
  | { host: string; port?: number; user: string; database: string; password?: string };

export type Db = PostgresJsDatabase<typeof schema>;
/** Inside a transaction; takes the same calls. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
export type Reader = Db | Tx;

export interface Database {
  db: Db;
  sql: Pool;
  /**
   * The same ledger, whose commits do not wait for the disk: for what a crash of the database may undo, because it is done
   * again or was only for now. Whoever waits for a later commit through `db` waits for these, too.
   */
  soft: Db;
  close(): Promise<void>;
}

/**
 * Opens a pool for `db` and one for `soft`, of at most `max` connections together (one each at least): a server has a
 * hundred by default, for all processes. Nothing is sent before the first query. `silentMs`: a connection on which a query
 * gets not one byte for so long, in a transaction four times so long, is given up when the server cannot be asked about it;
 * when it can, what it says decides (`silent-sockets.ts`; not with TLS).
 */
export function openDatabase(address: DatabaseAddress, max = 12, silentMs?: number): Database {
  const options = {
    max: Math.ceil(max / 2),
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: 'tocsin', TimeZone: 'UTC', ...byKeys },
    ...(silentMs !== undefined && isOneServer(address) ? { socket: hangingUp(silentMs) } : {}),
  };
  const pool = (given: typeof options) =>
    'url' in address ? openPool(given, address.url) : openPool({ ...given, ...address });
  const sql = pool(options);
  const hasty = { ...options.connection, synchronous_commit: 'off' };
  const soft = pool({ ...options, max: Math.max(1, Math.floor(max / 2)), connection: hasty });
  return {
    sql,
    db: drizzle(sql, { schema }),
    soft: drizzle(soft, { schema }),
    async close() {
      await Promise.all([sql.end({ timeout: 5 }), soft.end({ timeout: 5 })]);
    },
  };
}

/** Over TCP, and not several servers of which the driver chooses. */
function isOneServer(address: DatabaseAddress): boolean {
  return 'url' in address ? !address.url.includes(',') : !address.host.startsWith('/');
}

/** The five-letter SQLSTATE of a failed query, wherever drizzle or the driver put it. */
export function sqlState(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string') return code;
  }
  return undefined;
}

/** Whether the data itself was refused (class 22, 23, 54): trying again cannot help. */
export function isDataFault(error: unknown): boolean {
  return /^(22|23|54)/.test(sqlState(error) ?? '');
}
