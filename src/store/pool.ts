// A pool that outlives the server: the driver's own can keep dead places after a lost connection, and may write to a socket
// that is gone, where nobody can catch what it throws.
import postgres from 'postgres';
import { countStatements } from './statements.ts';

type Options = postgres.Options<Record<string, postgres.PostgresType>>;

/**
 * The driver's pool, replaced by a new one whenever a connection is lost: what runs on the old one ends by itself. A
 * transaction whose connection is lost rejects and sends nothing more. What `url` says stands behind the options.
 */
export function openPool(options: Options, url?: string): postgres.Sql {
  let ending = false;
  const statements = countStatements();
  let current = open();

  function open(): postgres.Sql {
    // Without idle and lifetime limits, a connection closes only when it is lost or when the pool ends.
    const connection = { ...options.connection, idle_in_transaction_session_timeout: idleMs };
    const all = { ...options, connection, idle_timeout: 0, max_lifetime: null, onclose: () => replace(made) };
    const made: postgres.Sql = url === undefined ? postgres(all) : postgres(url, all);
    return made;
  }

  function replace(lost: postgres.Sql): void {
    if (ending || lost !== current) return;
    current = open();
    // drizzle set its own way of reading values on the first pool.
    Object.assign(current.options.parsers, lost.options.parsers);
    Object.assign(current.options.serializers, lost.options.serializers);
    lost.end({ timeout: 10 }).catch(() => {});
  }

  const own: Partial<Record<string | symbol, unknown>> = {
    begin(first: unknown, second?: unknown) {
      const [mode, work] = second === undefined ? ['', first] : [first, second];
      return begin(current, mode as string, work as Work, kept);
    },
    unsafe: (...given: Unsafe) => kept(current, given),
    end(how?: { timeout?: number }) {
      ending = true;
      return current.end(how);
    },
  };
  // The driver has the server read and plan such a statement anew each time, in two round trips, unless told otherwise.
  function kept(sql: postgres.Sql | postgres.TransactionSql, [text, values = [], how = {}]: Unsafe) {
    return sql.unsafe(text, values, { ...how, prepare: statements.keep(text, values.length) });
  }

  return new Proxy(current, {
    apply: (_first, self, given) => Reflect.apply(current as never, self, given),
    get: (_first, name) => own[name] ?? Reflect.get(current, name),
  });
}

/** A process that is frozen or cut off must not keep rows locked. */
const idleMs = 30_000;

type Work = (tx: postgres.TransactionSql) => Promise<unknown>;
type Unsafe = Parameters<postgres.Sql['unsafe']>;
type Kept = (sql: postgres.TransactionSql, given: Unsafe) => unknown;

function begin(pool: postgres.Sql, mode: string, work: Work, kept: Kept): Promise<unknown> {
  let over = false;
  const done = pool.begin(mode, async (tx) => {
    const guarded = new Proxy(tx, {
      apply: (target, self, given) => Reflect.apply(alive(target) as never, self, given),
      get: (target, name) =>
        name === 'unsafe' ? (...given: Unsafe) => kept(alive(target), given) : Reflect.get(target, name),
    });
    try {
      return await work(guarded);
    } catch (error) {
      // The driver rejects the transaction itself when the connection closes; a rollback now would go nowhere.
      if (over || endsConnection(error)) await new Promise(() => {});
      throw error;
    }
  });
  const alive = (tx: postgres.TransactionSql) => {
    if (over) throw Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' });
    return tx;
  };
  const ended = () => {
    over = true;
  };
  done.then(ended, ended);
  return done;
}

/** Whether the connection ends with this error: the server said FATAL, or the socket is gone. */
function endsConnection(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const { severity, code } = at as { severity?: unknown; code?: unknown };
    if (severity === 'FATAL' || severity === 'PANIC') return true;
    if (typeof code === 'string' && /^(CONNECTION_|ECONN|EPIPE)/.test(code)) return true;
  }
  return false;
}
