// One transaction on a connection of its own: its beginning goes out with its first statements, and its end, where the work
// says which are its last, with those. Nothing that belongs to it is ever written outside of it.
import type postgres from 'postgres';
import { gone, type Statement, type Wire } from './wire.ts';

export type Work = (tx: postgres.TransactionSql) => Promise<unknown>;
/** What speaks to the server, by giving each statement to `send`. */
export type Voice = (send: (statement: Statement) => void, own: Record<string, unknown>) => postgres.Sql;

/** The end of a transaction, in the hands of its work. */
export interface Ending {
  /**
   * Behind the next `count` statements goes the commit, in the same write, when they could all be written as they came;
   * otherwise it comes when the work is over. `behind` may read what is committed, in that write still: it is told on what,
   * unless the commit comes later.
   */
  after(count: number, behind?: (sql: postgres.Sql) => void): void;
  /** Resolves when that commit is answered; at once when none went out with them. */
  committed(): Promise<void>;
  /** One of them failed, perhaps before it was a statement: nothing is committed any more. */
  failed(error: unknown): void;
}

const endings = new WeakMap<object, Ending>();

/** The ending of the transaction that speaks through this; undefined within a savepoint, and outside of transactions. */
export function endingOf(tx: object): Ending | undefined {
  return endings.get(tx);
}

/**
 * Runs the work in a transaction on this wire, which nobody else has meanwhile. What follows the beginning does not wait for
 * its answer: should it fail, the guarded wire writes nothing outside of a transaction, and the work fails with it. So it
 * does when the connection is lost, from where on nothing more is sent.
 */
export async function runTransaction(wire: Wire, mode: string, work: Work, voice: Voice): Promise<unknown> {
  let open = true;
  let fault: { error: unknown } | undefined;
  let awaited = 0;
  let savepoints = 0;
  let commit: Promise<void> | undefined;
  let reads: ((sql: postgres.Sql) => void) | undefined;

  const failed = (error: unknown) => {
    fault ??= { error };
  };
  const tx = speak(failed);
  endings.set(tx, {
    after(count, behind) {
      if (open) [awaited, reads] = [count, behind];
    },
    committed: async () => commit,
    failed(error) {
      failed(error);
      awaited = 0;
    },
  });

  function speak(note: (error: unknown) => void): postgres.TransactionSql {
    const own = { savepoint: (first: unknown, second?: unknown) => savepoint((second ?? first) as Work) };
    return voice((statement) => send(statement, note), own) as unknown as postgres.TransactionSql;
  }

  function send(statement: Statement, note: (error: unknown) => void): void {
    const { reject } = statement;
    statement.reject = (error) => {
      note(error);
      reject(error);
    };
    if (!open) statement.reject(wire.lost ? gone() : tooLate());
    const written = open && wire.give(statement);
    if (awaited === 0) return;
    awaited = written ? awaited - 1 : 0;
    if (!written || awaited > 0) return;
    commit = end('commit');
    commit.catch(() => {});
    // The guarded wire writes nothing there.
    reads?.(voice(wire.give, {}));
  }

  async function end(how: 'commit' | 'rollback'): Promise<void> {
    open = false;
    const { command } = await wire.say(how).answer;
    // Where something failed, a commit rolls back without a word.
    if (how === 'commit' && command !== 'COMMIT') throw fault?.error ?? rolledBack();
  }

  async function savepoint(inner: Work): Promise<unknown> {
    const name = `s${savepoints++}`;
    let own: { error: unknown } | undefined;
    const within = speak((error) => {
      own ??= { error };
    });
    await within.unsafe(`savepoint ${name}`);
    try {
      const result = await inner(within);
      if (own) throw own.error;
      return result;
    } catch (error) {
      await within.unsafe(`rollback to ${name}`);
      throw cause(error, own);
    }
  }

  // Its answer; the wire is in the transaction from now on, unless it must be guarded first.
  const begun = wire.guarded ? wire.say(begin(mode)).answer : guardAndBegin(wire, mode);
  try {
    if (!wire.guarded) await begun;
    const result = await new Promise((resolve, reject) => {
      begun.then(undefined, reject);
      wire.watch(reject);
      work(tx).then(resolve, reject);
    });
    await begun;
    if (fault && !commit) throw fault.error;
    await (commit ?? end('commit'));
    if (fault) throw fault.error;
    return result;
  } catch (error) {
    if (open && !wire.lost) await end('rollback').catch(() => wire.cut());
    throw isOutdated(fault?.error) ? rolledBack() : cause(error, fault);
  } finally {
    open = false;
    wire.watch(undefined);
    // Whatever state the server is in then, nobody shall build on it.
    await begun.catch(() => wire.cut());
  }
}

/** What is outside of it reads only, so a transaction says that it writes. */
function begin(mode: string): string {
  const words = mode.replace(/[^a-z ]/gi, '');
  return /\bread (only|write)\b/i.test(words) ? `begin ${words}` : `begin ${words} read write`;
}

// A wire on which single statements wrote: here the beginning is waited for.
async function guardAndBegin(wire: Wire, mode: string): Promise<unknown> {
  await wire.say('set default_transaction_read_only = on').answer;
  wire.guarded = true;
  return wire.say(begin(mode)).answer;
}

/** What comes after a statement that failed fails too; what failed first is the cause. */
function cause(error: unknown, first: { error: unknown } | undefined): unknown {
  return first && (error as { code?: unknown } | undefined)?.code === '25P02' ? first.error : error;
}

function tooLate(): Error {
  return Object.assign(new Error('the transaction is over'), { code: 'TRANSACTION_OVER' });
}

/** The connection knew a statement from before a table was changed; the next time it has it planned anew. */
function isOutdated(error: unknown): boolean {
  const { code, routine } = (error ?? {}) as Record<string, unknown>;
  return code === '0A000' && routine === 'RevalidateCachedQuery';
}

/** Without a fault that would come again, so whoever goes again after a collision does so here. */
function rolledBack(): Error {
  const message = 'the transaction was rolled back, because a table was changed meanwhile';
  return Object.assign(new Error(message), { code: '40001' });
}
