// A pool that outlives the server, over connections of the driver that live once: the driver's own pool can keep dead places
// after a lost connection, and hands its connections out in turn, so that each statement wakes another backend.
import postgres from 'postgres';
import { countStatements } from './statements.ts';
import type { Voice } from './transaction.ts';
import type { Options, Statement } from './wire.ts';
import { openWires } from './wires.ts';

/**
 * Takes what the driver's `sql` takes, but for `reserve` and `listen`; which connection it goes to is said in `wires.ts`, and
 * what a transaction promises in `transaction.ts`. What `url` says stands behind the options.
 */
export function openPool(options: Options, url?: string): Pool {
  // A process that is frozen or cut off must not keep rows locked.
  const connection = { ...options.connection, idle_in_transaction_session_timeout: idleMs };
  // Lists go to the server as JSON, and come from it so: to ask it for its kinds of arrays would be a question to each
  // connection whose failure nobody hears.
  const all = { ...options, connection, fetch_types: false };
  // Never connects: it puts statements into words.
  const front: postgres.Sql = url === undefined ? postgres(all) : postgres(url, all);
  const wires = openWires(front.options as unknown as Options, front.options.max);
  const statements = countStatements();

  const voice: Voice = (send, own) => {
    const to = <T>(said: T): T => {
      if (said instanceof Promise) (said as unknown as Statement).handler = send;
      return said;
    };
    // The driver has the server read and plan such a statement anew each time, in two round trips, unless told otherwise.
    const unsafe = (...[text, values = [], how = {}]: Parameters<postgres.Sql['unsafe']>) =>
      to(front.unsafe(text, values, { ...how, prepare: statements.keep(text, values.length) }));
    const ours: Record<string | symbol, unknown> = { ...refused, unsafe, ...own };
    return new Proxy(front, {
      apply: (_front, _self, given) => to(Reflect.apply(front as never, undefined, given)),
      get: (_front, name) => ours[name] ?? Reflect.get(front, name),
    });
  };

  return voice(wires.send, {
    begin(first: unknown, second?: unknown) {
      const [mode, work] = second === undefined ? ['', first] : [first, second];
      return wires.begin(mode as string, work as never, voice);
    },
    row: (work: (sql: postgres.Sql) => Promise<unknown>) => wires.row(work, voice),
    end: wires.end,
  }) as Pool;
}

export interface Pool extends postgres.Sql {
  /** Single statements, all over one connection and in the order in which they are asked. */
  row<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T>;
}

const idleMs = 30_000;

/** Of the driver, and would open a connection of its own. */
const refused = Object.fromEntries(
  ['begin', 'reserve', 'listen', 'notify', 'subscribe', 'largeObject', 'file', 'close'].map((name) => [
    name,
    () => {
      throw new Error(`the pool has no ${name}`);
    },
  ]),
);
