// Messages that begin with their decision: claim, turn and intent are in its commit, and what was two transactions more is
// none. For the usual case, in which a message is all that waits where it goes; all else waits until its address is served.
import { failpoint } from '#core/failpoint.ts';
import type { World } from '#operations/world.ts';
import { freeTurns, type Seen, type Wish } from '#store/budgets.ts';
import type { Tx } from '#store/connection.ts';
import { attemptsIn, intending, type Made } from '#store/deliveries.ts';
import type { Line } from '#store/in-a-row.ts';
import type { Unsent } from '#store/lastly.ts';
import { type Pictures, picturesIn } from '#store/pictures.ts';
import type { Receiver } from '#store/receivers.ts';
import type { Sendable } from '#store/waiting.ts';
import type { Channel } from './channel.ts';
import type { Ground } from './facts.ts';
import { speaksPlainly } from './forum.ts';
import { drawnFrom, type Sitting, sinceOf } from './picture.ts';
import type { Begun, Going } from './send.ts';

/** A message about an alert that is all that waits where it goes. */
export interface Candidate {
  notification: Sendable['notification'];
  ground: Ground;
  /** How fast it may be spoken to there. */
  budgets: Seen[];
}

/** An address that this process keeps for one message, and then serves. */
export interface Kept {
  serve(first: { going: Going; begun: Begun }): Promise<void>;
  /** It is not served. `claimed`: it may be ours in the ledger, and is given back. */
  drop(claimed: boolean): void;
}

export interface AtOnceDeps {
  world: World;
  channels: Channel[];
  /** This process's number. */
  owner: number;
  leaseMs: number;
  /** Whether as much as one may begin now. */
  open(): boolean;
  /** Undefined when it may not be had. */
  keep(channel: Channel, address: string, moment: Moment): Kept | undefined;
}

/** When the time of a lease begins: the instant, and `from` on the clock that only goes forward. */
export interface Moment {
  now: number;
  from: number;
}

export interface AtOnce {
  open(): boolean;
  /** Keeps the addresses of those that may begin now; undefined when none may. */
  begin(candidates: Candidate[], moment: Moment): Beginning | undefined;
}

/** To be ended in one of two ways: `go` or `fail`. */
export interface Beginning {
  /** The last statements of the transaction. */
  intents(tx: Tx): Unsent<Made[]>[];
  /** Reads what is around the alerts, as it is behind the commit. */
  behind(line: Line): void;
  /** The intents are on disk: sends those that there are. By receiver; the others wait as usual. */
  go(made: readonly Made[][]): Map<string, Promise<void>>;
  /** Nobody knows whether it was committed. What was, comes again, marked. */
  fail(): void;
}

interface Wanted extends Candidate {
  receiver: Receiver;
  kept: Kept;
  wish: Wish & { notificationId: number };
  sitting: Sitting;
}

/** Opens it for the channels of one process. */
export function openAtOnce(deps: AtOnceDeps): AtOnce {
  const { world, channels, owner, leaseMs, open, keep } = deps;

  /** Those of one channel, whose turns are free. */
  function draw(channel: Channel, candidates: Candidate[], moment: Moment) {
    const { now } = moment;
    const known = new Map(candidates.flatMap(({ budgets }) => budgets).map((seen) => [seen.address, seen]));
    const wanted = candidates.flatMap(({ notification, ground, budgets }): Wanted[] => {
      const { receiver, settings } = ground;
      const { id: notificationId, alertId, receiverId } = notification;
      if (!receiver || alertId === null || !speaksPlainly(channel, receiver)) return [];
      const { address, ownerId } = receiver;
      const kept = keep(channel, address, moment);
      if (!kept) return [];
      const wish = { notificationId, address, pace: channel.pace(address), whole: channel.whole, now };
      const sitting = { alertId, receiverId, ownerId, zone: settings.zone, now };
      return [{ notification, ground, budgets, receiver, kept, wish, sitting }];
    });
    const { moves, takers } = freeTurns(
      wanted.map(({ wish }) => wish),
      known,
    );
    const goes = new Set(takers.map(({ wish }) => wish));
    for (const { wish, kept } of wanted) if (!goes.has(wish)) kept.drop(false);
    return { channel: channel.name, moves, takers, wanted: wanted.filter(({ wish }) => goes.has(wish)) };
  }

  function begin(candidates: Candidate[], moment: Moment): Beginning | undefined {
    const drawn = channels
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((channel) => {
        const its = candidates.filter(({ ground }) => ground.receiver?.channel === channel.name);
        const one = its.length > 0 ? draw(channel, its, moment) : undefined;
        return one && one.wanted.length > 0 ? [one] : [];
      });
    if (drawn.length === 0) return undefined;
    const all = drawn.flatMap(({ wanted }) => wanted);
    const sittings = all.map(({ sitting }) => sitting);
    const read = (line: Line) => picturesIn(line, sittings, sinceOf(sittings));
    let pictures: Promise<Pictures> | undefined;
    return {
      intents(tx) {
        failpoint('begin.before_commit');
        return drawn.map(({ channel, moves, takers }) =>
          tx.execute<Made>(intending(channel, moves, takers, { owner, until: moment.now + leaseMs })),
        );
      },
      behind(line) {
        pictures = read(line);
        // Whoever words it hears of it.
        pictures.catch(() => {});
      },
      go(made) {
        failpoint('begin.after_commit');
        const attempts = new Map(made.flatMap((rows) => [...attemptsIn(rows)]));
        const pictured = drawnFrom(world, sittings, pictures ?? read(world.database.db));
        const sends = new Map<string, Promise<void>>();
        for (const { notification, ground, receiver, kept, sitting } of all) {
          const attempt = attempts.get(notification.id);
          const going: Going = {
            sendable: { notification, receiver, after: null },
            ground,
            spot: { is: 'chat' },
          };
          if (!attempt) kept.drop(true);
          else
            sends.set(
              receiver.id,
              kept.serve({ going, begun: { ok: true, attempt, picture: pictured.get(sitting) } }),
            );
        }
        return sends;
      },
      fail() {
        for (const { kept } of all) kept.drop(true);
      },
    };
  }

  return { open, begin };
}
