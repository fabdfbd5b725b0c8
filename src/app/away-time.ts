// A silence that was ours is not held against those who had to say something again.
import type { Doorbell } from '#core/doorbell.ts';
import type { Log } from '#core/log.ts';
import { waitOnceMore } from '#store/absences.ts';
import { lastRoundTrip } from '#store/canary.ts';
import type { Database, Reader } from '#store/connection.ts';
import { giveBackTime } from '#store/said-until.ts';

/** Shorter than what anybody waits before saying it again. */
export const shortMs = 30_000;

/** At the start, before anything works: the time since the last canary was nobody's fault but ours. */
export async function afterAbsence({ db }: Database, log: Log, zone: string, now: number): Promise<void> {
  const last = await lastRoundTrip(db);
  if (last !== undefined) await giveBack(db, log, zone, last, now);
}

/**
 * The same while running: between two rounds that found the ledger there, it may have been away for long. `elapsed` is a
 * clock that nobody sets.
 */
export function watchingForGaps(
  { db }: Database,
  log: Log,
  zone: string,
  pending: (now: number) => Promise<Doorbell[]>,
  elapsed: () => number,
): (now: number) => Promise<Doorbell[]> {
  let last: number | undefined;
  return async (now) => {
    const at = elapsed();
    if (last !== undefined) await giveBack(db, log, zone, now - (at - last), now);
    const bells = await pending(now);
    last = at;
    return bells;
  };
}

/** Nobody could let anything in from then to then: nothing where that is short. */
export async function giveBack(db: Reader, log: Log, zone: string, from: number, to: number): Promise<void> {
  if (to - from <= shortMs) return;
  const count = await giveBackTime(db, from, to);
  const waiting = await waitOnceMore(db, zone, from, to);
  if (waiting > 0)
    log.info(
      { waiting, seconds: Math.round((to - from) / 1_000) },
      'what was expected while nobody could let it in is waited for once more',
    );
  if (count > 0)
    log.info(
      { count, seconds: Math.round((to - from) / 1_000) },
      'alerts get the time back in which nobody could hear them said again',
    );
}
