// Statements of one transaction that need nothing of each other: sent in one go, in the order given.
import { sqlState } from './connection.ts';

export type Answers<T> = { -readonly [K in keyof T]: Awaited<T[K]> };

/** What PostgreSQL says to whatever comes after the statement that failed. */
const afterAFault = '25P02';

/**
 * Waits for all of them, and only then throws what failed first: what another one still has to send must not come after the
 * rollback, where it would stand alone. What fails only because another one did is never the cause.
 */
export async function together<T extends readonly unknown[] | []>(asked: T): Promise<Answers<T>> {
  const faults: unknown[] = [];
  const note = (fault: unknown) => void faults.push(fault);
  const answers = await Promise.all(asked.map((one) => Promise.resolve(one).catch(note)));
  if (faults.length > 0) throw faults.find((fault) => sqlState(fault) !== afterAFault) ?? faults[0];
  return answers as Answers<T>;
}
