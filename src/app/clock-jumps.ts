// The clock of the machine may be set back while we run, or while we were away: what waits must not wait for it.
import type { Doorbell } from '#core/doorbell.ts';
import { sayDuration } from '#core/duration.ts';
import type { Log } from '#core/log.ts';
import { lastRoundTrip } from '#store/canary.ts';
import type { Database } from '#store/connection.ts';
import { setBack } from '#store/set-back.ts';

/** Less is made up for by waiting: clocks that are kept right move by so little all the time. */
const littleMs = 5_000;
/** Short of this, nobody but the log needs to know. */
const worthTellingMs = 120_000;

export interface JumpDeps {
  database: Database;
  log: Log;
  tellOwners(text: string, now: number): Promise<void>;
}

/** At the start: a canary that came through later than now was released by a clock that has been set back since. */
export async function afterSetBack(deps: JumpDeps, now: number): Promise<void> {
  const last = await lastRoundTrip(deps.database.db);
  if (last !== undefined) await makeUp(deps, last - now, now);
}

/** The same while running: `elapsed` is a clock that only goes forward, and not by more than time does. */
export function watchingForJumps(
  deps: JumpDeps,
  pending: (now: number) => Promise<Doorbell[]>,
  elapsed: () => number,
): (now: number) => Promise<Doorbell[]> {
  let ahead: number | undefined;
  return async (now) => {
    const difference = now - elapsed();
    if (ahead !== undefined) await makeUp(deps, ahead - difference, now);
    ahead = difference;
    return pending(now);
  };
}

async function makeUp({ database, log, tellOwners }: JumpDeps, byMs: number, now: number): Promise<void> {
  if (byMs < littleMs) return;
  await setBack(database.db, byMs, now);
  log.warn({ seconds: Math.round(byMs / 1_000) }, 'the clock of this machine was set back');
  if (byMs >= worthTellingMs)
    await tellOwners(
      `The clock of this machine was set back by ${sayDuration(byMs)}. What was to come in a while comes when it would have; silences, quiet hours and digests keep the time that was said.`,
      now,
    );
}
