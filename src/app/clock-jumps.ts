// The clock of the machine may be set while we run, or while we were away: what waits must not wait for it.
import { sayDuration } from '#core/duration.ts';
import type { Log } from '#core/log.ts';
import { lastRoundTrip } from '#store/canary.ts';
import type { Database } from '#store/connection.ts';
import { bringForward, setBack } from '#store/set-back.ts';
import { giveBack, shortMs } from './away-time.ts';

/** Less is made up for by waiting: clocks that are kept right move by so little all the time. */
const littleMs = 5_000;
/** Short of this, nobody but the log needs to know. */
const worthTellingMs = 120_000;

export interface JumpDeps {
  database: Database;
  log: Log;
  tellOwners(text: string, now: number): Promise<void>;
  /** Of people who have not said theirs. */
  defaultZone: string;
}

/** At the start: a canary that came through later than now was released by a clock that has been set back since. */
export async function afterSetBack(deps: JumpDeps, now: number): Promise<void> {
  const last = await lastRoundTrip(deps.database.db);
  if (last !== undefined) await wentBack(deps, last - now, now);
}

/**
 * The same while running, for one process of an installation: call it before each round and before anything is judged by
 * `now`. `elapsed` is a clock that only goes forward, and not by more than time does; while the machine sleeps it may stand.
 * `judged`: resolves when what is being judged by the old clock has been.
 */
export function watchClock(
  deps: JumpDeps,
  elapsed: () => number,
  judged: () => Promise<unknown> = async () => {},
): (now: number) => Promise<void> {
  let ahead: number | undefined;
  let making: Promise<void> = Promise.resolve();
  return (now) => {
    // Read at once: the call may have to wait for others.
    const difference = now - elapsed();
    making = making
      .catch(() => {})
      .then(async () => {
        const jump = difference - (ahead ?? difference);
        if (Math.abs(jump) >= littleMs) await judged();
        await wentBack(deps, -jump, now);
        await wentForward(deps, jump, now);
        ahead = difference;
      });
    return making;
  };
}

async function wentForward(
  { database, log, defaultZone }: JumpDeps,
  byMs: number,
  now: number,
): Promise<void> {
  if (byMs <= shortMs) return;
  await bringForward(database.db, byMs, now, (tx) => giveBack(tx, log, defaultZone, now - byMs, now));
}

async function wentBack({ database, log, tellOwners }: JumpDeps, byMs: number, now: number): Promise<void> {
  if (byMs < littleMs) return;
  await setBack(database.db, byMs, now);
  log.warn({ seconds: Math.round(byMs / 1_000) }, 'the clock of this machine was set back');
  if (byMs >= worthTellingMs)
    await tellOwners(
      `The clock of this machine was set back by ${sayDuration(byMs)}. What was to come in a while comes when it would have; silences, quiet hours and digests keep the time that was said.`,
      now,
    );
}
