// What looks at another Tocsin add up to: when it counts as gone, when as back, and what is said. Pure.
import { sayDuration } from '#core/duration.ts';

/** One look at the peer. */
export type Look = { well: true; text: string } | { well: false; text: string };

/** What is remembered between looks, and over a restart. Instants are epoch milliseconds. */
export interface PeerState {
  isDown: boolean;
  /** Looks in a row that say otherwise. */
  against: number;
  /** Of these, the first. */
  since: number | null;
  /** When it went, as told. */
  downSince: number | null;
  /** When it was last told or said again. */
  toldAt: number | null;
}

export interface Patience {
  /** Bad looks in a row that make it gone, good ones that bring it back. */
  down: number;
  up: number;
  /** How often it is said again while it is gone. */
  remindMs: number;
}

export const freshPeer: PeerState = { isDown: false, against: 0, since: null, downSince: null, toldAt: null };

/** The state after a look, and what is told of it, if anything. */
export function seePeer(
  before: PeerState,
  look: Look,
  { down, up, remindMs }: Patience,
  url: string,
  now: number,
): { state: PeerState; tell?: string } {
  if (look.well !== before.isDown) {
    const state = { ...before, against: 0, since: null };
    if (!before.isDown || now - (before.toldAt ?? now) < remindMs) return { state };
    const lasted = sayDuration(now - (before.downSince ?? now));
    const tell = `Tocsin at ${url} is still away, for ${lasted} now: ${look.text}.`;
    return { state: { ...state, toldAt: now }, tell };
  }
  const against = before.against + 1;
  const since = before.since ?? now;
  if (against < (before.isDown ? up : down)) return { state: { ...before, against, since } };
  if (before.isDown) {
    const tell = `Tocsin at ${url} is back: ${look.text}. It was away for ${sayDuration(since - (before.downSince ?? since))}.`;
    return { state: { ...freshPeer, toldAt: now }, tell };
  }
  const tell = `Tocsin at ${url} cannot be relied on: ${look.text}. Alerts may not be told until it is back.`;
  return { state: { isDown: true, against: 0, since: null, downSince: since, toldAt: now }, tell };
}

/** What `/healthz` says; `answer` undefined: nothing came. `limitSeconds`: how old the last round trip may be. */
export function readHealthz(status: number, body: string, limitSeconds: number): Look {
  let health: unknown;
  try {
    health = JSON.parse(body);
  } catch {
    health = undefined;
  }
  if (health === null || typeof health !== 'object' || !('roundTrip' in health) || !('status' in health))
    return { well: false, text: `it answers with ${status}, but not as Tocsin does` };
  const {
    status: word,
    why,
    roundTrip,
  } = health as {
    status: unknown;
    why?: unknown;
    roundTrip: { ageSeconds?: unknown } | null;
  };
  const reason =
    typeof why === 'string' ? why.replace(/\.$/, '').slice(0, 200) : `it says “${String(word).slice(0, 40)}”`;
  if (status >= 400 || word === 'failing') return { well: false, text: reason };
  const age = roundTrip?.ageSeconds;
  if (typeof age === 'number' && age > limitSeconds && word !== 'starting')
    return { well: false, text: `its last round trip is ${sayDuration(age * 1000)} old` };
  return {
    well: true,
    text: typeof age === 'number' ? `its last round trip is ${age} s old` : 'it has just begun',
  };
}
