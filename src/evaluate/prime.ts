// What a kind with a memory may know before its first event: the value that the catalogue saw last.
import type { Event } from '#core/event.ts';
import type { Tx } from '#store/connection.ts';
import { lastSeen } from '#store/topics.ts';
import { writeMemory } from './band-memory.ts';
import type { Watch } from './index/watch.ts';
import type { Held } from './standings.ts';

/** One standing and the first event that its rule sees. */
export interface FirstSight {
  watch: Watch;
  held: Held;
  event: Event;
}

/**
 * Gives the standings a memory of what was there before the rule was made, so that the first change after it is told
 * too. Nothing is told about what is: an alert begins with an event.
 */
export async function prime(tx: Tx, sights: FirstSight[]): Promise<void> {
  const fresh = sights.filter(({ watch, held }) => watch.kind.primes && held.standing.state === null);
  if (fresh.length === 0) return;
  const known = await lastSeen(
    tx,
    fresh.map(({ event: { type, subject } }) => ({ topic: type, subject })),
  );
  for (const { watch, held, event } of fresh) {
    const seen = known.get(`${event.type} ${event.subject}`);
    // Another source's value is no value of this one.
    if (seen?.source !== event.source || held.standing.state !== null) continue;
    const { kind, params, bands } = watch;
    const before: Event = { ...event, data: seen.data, labels: {}, receivedAt: seen.at };
    const look = (asked: unknown) => kind.step(asked, kind.initial(asked), before, seen.at).state;
    const state = bands
      ? writeMemory({ views: bands.asks.map((asked) => ({ state: look(asked) })), told: [] })
      : look(params);
    held.standing = { ...held.standing, state };
  }
}
