// The last statements of a transaction: its commit goes out with them, in the same write, instead of after their answers.
import type postgres from 'postgres';
import type { Tx } from './connection.ts';
import { driverOf } from './driver.ts';
import { type Line, lineOf } from './in-a-row.ts';
import { type Answers, together } from './together.ts';
import { endingOf } from './transaction.ts';

/** A statement that is not on its way yet: one of drizzle's, or of the driver. A promise of a function is none. */
export interface Unsent<T> extends PromiseLike<T> {
  execute(): unknown;
}

/**
 * Sends them in the order given, and the commit behind them; resolves with their answers when it is committed. When one of
 * them fails, everything is rolled back, and this rejects with what failed first, as the whole transaction does, whatever the
 * work does with it. Say it last:
 *
 *     return db.transaction(async (tx) => {
 *       const found = await tx.select()…;
 *       await lastly(tx, [tx.update(…)…, tx.execute(sql`…`)]);
 *       return found.length;
 *     });
 *
 * Each is one statement, not a function that may send more: what the transaction sends after its last statements is refused,
 * and would be missing. Whoever has functions that write has them return their statements, unsent. It spares a write and an
 * answer where the connection knows the statements already (the same texts again and again, with at most sixty values); others
 * are answered first, and the commit comes after them. Within a savepoint nothing is committed. `behind` reads what stands
 * then, in the same write; it is not called where the commit comes later.
 */
export async function lastly<T extends readonly Unsent<unknown>[] | []>(
  tx: Tx | postgres.TransactionSql,
  asked: T,
  behind?: (line: Line) => void,
): Promise<Answers<T>> {
  const ending = endingOf(driverOf(tx));
  ending?.after(asked.length, behind && ((sql) => behind(lineOf(sql))));
  const answers = await together(asked).catch((error) => {
    ending?.failed(error);
    throw error;
  });
  await ending?.committed();
  return answers;
}
