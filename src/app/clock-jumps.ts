// The clock of the machine may be set while we run, or while we were away: what waits must not wait for it.
import { sayDuration } from '#core/duration.ts';
import type { Log } from '#core/log.ts';
import { lastRoundTrip } from '#store/canary.ts';
import type { Database, Tx } from '#store/connection.ts';
import { bringForward, type HowFar, madeUpSoFar, setBack } from '#store/set-back.ts';
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

/**
 * At the start of every process that may lead: a canary that came through later than now was released by a clock that has
 * been set back since. Who comes second finds that none lies ahead any more.
 */
export async function afterSetBack(deps: JumpDeps, now: number): Promise<void> {
  await wentBack(deps, async (tx) => now - ((await lastRoundTrip(tx)) ?? now), now);
}

export interface ClockWatch {
  /** Looks at the clock: call it before each round, and before anything is judged by `now`. */
  look(now: number): Promise<void>;
  /** Whether a jump waits to be made up for: whoever judges much gives way. */
  waits(): boolean;
}

/**
 * The same while running, for the process that leads. `elapsed` is a clock that only goes forward, and not by more than
 * time does; while the machine sleeps it may stand. `judged`: resolves when what is being judged by the old clock has been.
 */
export function watchClock(
  deps: JumpDeps,
  elapsed: () => number,
  judged: () => Promise<unknown> = async () => {},
): ClockWatch {
  let seen: { ahead: number; madeUp: number } | undefined;
  let waits = false;
  let making: Promise<void> = Promise.resolve();

  const makeUp = async (ahead: number, now: number) => {
    const { db } = deps.database;
    seen ??= { ahead, madeUp: await madeUpSoFar(db) };
    const before = seen;
    const jump = ahead - before.ahead;
    if (Math.abs(jump) < littleMs) {
      seen = { ...before, ahead };
      return;
    }
    await judged();
    // Another one may have done it: at its start, or because it led meanwhile.
    const left = async (tx: Tx) => leftOf(jump, (await madeUpSoFar(tx)) - before.madeUp);
    if (jump < 0) await wentBack(deps, left, now);
    else await wentForward(deps, left, now);
    seen = { ahead, madeUp: await madeUpSoFar(db) };
  };

  return {
    look(now) {
      // Read at once: the call may have to wait for others.
      const ahead = now - elapsed();
      waits ||= seen !== undefined && Math.abs(ahead - seen.ahead) >= littleMs;
      making = making
        .catch(() => {})
        .then(() => makeUp(ahead, now))
        .finally(() => {
          waits = false;
        });
      return making;
    },
    waits: () => waits,
  };
}

function leftOf(jump: number, done: number): number {
  return jump < 0 ? jump - Math.min(0, Math.max(jump, done)) : jump - Math.max(0, Math.min(jump, done));
}

async function wentForward(
  { database, log, defaultZone }: JumpDeps,
  howFar: HowFar,
  now: number,
): Promise<void> {
  await bringForward(database.db, howFar, shortMs, now, (tx, byMs) =>
    giveBack(tx, log, defaultZone, now - byMs, now),
  );
}

async function wentBack({ database, log, tellOwners }: JumpDeps, howFar: HowFar, now: number): Promise<void> {
  const byMs = await setBack(database.db, howFar, littleMs, now);
  if (byMs <= 0) return;
  log.warn({ seconds: Math.round(byMs / 1_000) }, 'the clock of this machine was set back');
  if (byMs >= worthTellingMs)
    await tellOwners(
      `The clock of this machine was set back by ${sayDuration(byMs)}. What was to come in a while comes when it would have; silences, quiet hours and digests keep the time that was said.`,
      now,
    );
}
