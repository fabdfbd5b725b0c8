// Every two seconds, by the process that leads: tables that a storm has filled are counted anew, for the server's plans.
import type { Log } from '#core/log.ts';
import { type Chime, chime } from '#queue/clock.ts';
import type { Db } from '#store/connection.ts';
import { countAnew } from '#store/planning.ts';

/** Starts it. One that does not succeed is told in the log, and the next comes all the same. */
export function startCounting(db: Db, leads: () => boolean, log: Log, now: () => number): Chime {
  const count = async () => {
    if (!leads()) return;
    const tables = await countAnew(db);
    if (tables.length > 0) log.debug({ tables }, 'tables were counted anew');
  };
  return chime('*/2 * * * * *', 'counting', log, count, now);
}
