// The clock of the house: what happens by itself at fixed times.
import { Cron } from 'croner';
import type { Log } from '#core/log.ts';

export interface Chime {
  stop(): void;
}

/**
 * Calls back by a cron pattern (six fields: seconds first). A call that is still running is not doubled; one that
 * fails is told in the log and the next comes all the same.
 */
export function chime(pattern: string, name: string, log: Log, work: () => Promise<void>): Chime {
  const failed = (error: unknown) => log.warn({ err: error, name }, 'what the clock started did not succeed');
  const cron = new Cron(pattern, { protect: true, catch: failed, unref: true }, work);
  return { stop: () => cron.stop() };
}
