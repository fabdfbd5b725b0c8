// A transaction that survives the server's death: the driver would write its rollback to a socket that is gone, and throw
// where nobody can catch it.
import type { Db, Tx } from './connection.ts';

/** Runs `work` in a transaction. Rejects when the connection is lost; other failures roll back first. */
export function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    try {
      return await work(tx);
    } catch (error) {
      // The driver itself rejects the transaction when the connection closes; until then nothing more may be sent.
      if (endsConnection(error)) await new Promise(() => {});
      throw error;
    }
  });
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
