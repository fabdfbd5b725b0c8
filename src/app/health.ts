// How it is: the age of the last full round trip of a canary, and whether each part answers.
import { databaseAnswers, lastRoundTrip, oldestWaiting } from '#store/canary.ts';
import type { Database } from '#store/connection.ts';

export interface Health {
  /** failing: nothing can be relied on (503). degraded: everything works, something is away. */
  status: 'ok' | 'starting' | 'degraded' | 'failing';
  /** A sentence when it is not ok. */
  why?: string;
  database: { up: boolean; milliseconds?: number };
  queue: { backend: string; up: boolean };
  /** The canary is an event of ours each minute: written, evaluated by a worker, told on a channel of its own. */
  roundTrip: { ageSeconds: number | null };
  oldestWaitingEvent: { ageSeconds: number | null };
  /** Where one is set: since when the address outside (HEARTBEAT_URL) has taken no call. */
  outsideHeartbeat?: { ageSeconds: number | null };
}

/** A canary each minute, and more than two missed. */
export const canaryLimitMs = 150_000;

/** Asks everything, within a few seconds. `startedAt`: before the first canary is through, the answer is `starting`. */
export async function readHealth(
  database: Database,
  queue: { backend: string; up(): boolean },
  startedAt: number,
  now: number,
): Promise<Health> {
  const base = { queue: { backend: queue.backend, up: queue.up() } };
  const nothing = { roundTrip: { ageSeconds: null }, oldestWaitingEvent: { ageSeconds: null } };
  const asked = await withinSeconds(3, async () => ({
    milliseconds: Math.round(await databaseAnswers(database)),
    last: await lastRoundTrip(database.db),
    oldest: await oldestWaiting(database.db),
  }));
  if (!asked)
    return {
      status: 'failing',
      why: 'The database does not answer.',
      database: { up: false },
      ...base,
      ...nothing,
    };
  const { milliseconds, last, oldest } = asked;
  const age = (at: number | undefined) =>
    at === undefined ? null : Math.max(0, Math.round((now - at) / 1_000));
  const facts = {
    database: { up: true, milliseconds },
    ...base,
    roundTrip: { ageSeconds: age(last) },
    oldestWaitingEvent: { ageSeconds: age(oldest) },
  };
  const isLate = now - Math.max(last ?? 0, startedAt) > canaryLimitMs;
  if (isLate)
    return {
      status: 'failing',
      why: 'Events are accepted, but no canary has come through lately.',
      ...facts,
    };
  if (!queue.up())
    return { status: 'degraded', why: 'The queue is away; the sweeper does its work.', ...facts };
  return { status: (last ?? 0) < startedAt - canaryLimitMs ? 'starting' : 'ok', ...facts };
}

async function withinSeconds<T>(seconds: number, ask: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), seconds * 1_000);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
