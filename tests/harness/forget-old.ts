// One part of everything that is forgotten, as each round of the hour begins with.
import type { Db } from '#store/connection.ts';
import { forgetting } from '#store/retention.ts';

/** How many rows went. */
export async function forgetOld(db: Db, now: number): Promise<number> {
  let gone = 0;
  for (const forget of Object.values(forgetting)) gone += await forget(db, now);
  return gone;
}
