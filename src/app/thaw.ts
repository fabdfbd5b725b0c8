// Now and then: frees what processes that were frozen in the middle of a question hold in the ledger.
import type { Log } from '#core/log.ts';
import type { Database } from '#store/connection.ts';
import { endFrozen } from '#store/frozen.ts';

const everyMs = 10_000;

/** To be called often; looks every ten seconds. `elapsed` is a clock that only goes forward. */
export function openThaw({ db }: Database, log: Log, elapsed: () => number): () => Promise<void> {
  let looked = elapsed();
  return async () => {
    if (elapsed() - looked < everyMs) return;
    looked = elapsed();
    const ended = await endFrozen(db);
    if (ended > 0)
      log.warn(
        { ended },
        'connections of a process that does not go on were ended: others need what it held',
      );
  };
}
