// Statements of one transaction that need nothing of each other: sent in one go, in the order given.

type Answers<T> = { -readonly [K in keyof T]: Awaited<T[K]> };

/**
 * Waits for all of them, and only then throws what the first faulty one threw: what another one still has to send must not
 * come after the rollback, where it would stand alone.
 */
export async function together<T extends readonly unknown[] | []>(asked: T): Promise<Answers<T>> {
  const ended = await Promise.allSettled(asked);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as Answers<T>;
}
