// Each minute in which a canary came through, an address outside is called; when that falls silent, the other side tells.
import type { Log } from '#core/log.ts';
import { sayError } from '#core/say-error.ts';
import type { Outbound } from '#outbound/fetch.ts';
import { type Chime, chime } from '#queue/clock.ts';
import { lastRoundTrip } from '#store/canary.ts';
import type { Database } from '#store/connection.ts';
import { findMarker, putMarker } from '#store/markers.ts';
import { canaryLimitMs } from './health.ts';

const marker = 'outside-heartbeat';
/** Failures in a row before the owners are told: one lost call is no news. */
const failuresTold = 3;

export interface HeartbeatDeps {
  database: Database;
  url: string;
  ask: Outbound;
  /** Several processes call once. */
  leads(): boolean;
  tellOwners(text: string, now: number): Promise<void>;
  log: Log;
  now(): number;
}

/** Calls in the middle of each minute, when the minute's canary has had its time. */
export function startOutsideHeartbeat(deps: HeartbeatDeps): Chime {
  const beat = makeBeat(deps);
  return chime(
    '30 * * * * *',
    'the outside heartbeat',
    deps.log,
    async () => {
      if (deps.leads()) await beat();
    },
    deps.now,
  );
}

/** One call, when a canary came through lately; resolves with whether the other side took it, undefined: not called. */
export function makeBeat({ database, url, ask, tellOwners, log, now }: HeartbeatDeps) {
  let failures = 0;
  return async (): Promise<boolean | undefined> => {
    const last = await lastRoundTrip(database.db);
    // Silence is what tells the other side.
    if (last === undefined || now() - last > canaryLimitMs) return undefined;
    const asked = await ask(url, { timeoutMs: 10_000, maxBytes: 1_000 });
    const isTaken = asked.is === 'answer' && asked.status >= 200 && asked.status < 300;
    const tell = (text: string) =>
      tellOwners(text, now()).catch((error) => log.warn({ error: sayError(error) }, 'owners were not told'));
    if (isTaken) {
      await putMarker(database.db, marker, now());
      if (failures >= failuresTold) await tell('The outside heartbeat is taken again.');
      failures = 0;
      return true;
    }
    const why = asked.is === 'answer' ? `it answers with ${asked.status}` : asked.why;
    log.warn({ why }, 'the outside heartbeat was not taken');
    if (++failures === failuresTold)
      await tell(
        `The outside heartbeat (HEARTBEAT_URL) was not taken ${failures} times in a row: ${why}. Until it is, nobody outside would notice if I fell silent, or somebody is told so wrongly.`,
      );
    return false;
  };
}

/** How long ago it was taken last; null: never, or the database does not answer. */
export async function heartbeatAge({ db }: Database, now: number): Promise<number | null> {
  const last = await findMarker(db, marker).catch(() => undefined);
  return last ? Math.max(0, Math.round((now - last.value) / 1000)) : null;
}
