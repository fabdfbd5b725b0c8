// The questions that many addresses ask at the same moment, each asked for all of them at once.
import type { World } from '#operations/world.ts';
import { type Board, staleBoards } from '#store/boards.ts';
import { type Seen, type Turn, takeTurns, type Wish, wholeChannel } from '#store/budgets.ts';
import { type StaleCopy, shown, staleCopies } from '#store/copies.ts';
import { type Attempt, type Begun, beginAttempts } from '#store/deliveries.ts';
import { gathered, latest } from '#store/gathered.ts';
import { type Place, returnLeases } from '#store/leases.ts';
import type { Pictures } from '#store/pictures.ts';
import { claim, type Looking, leave, type Sendable, type Waiting } from '#store/waiting.ts';
import type { Channel } from './channel.ts';
import { type Ground, type Known, standingOf } from './facts.ts';
import {
  drawnFrom,
  type Picture,
  type Shown,
  type Sitting,
  type Surroundings,
  sinceOf,
  surroundingsOf,
} from './picture.ts';
import { type Arrived, openRecording, type Recorded } from './record.ts';
import { calmAfter } from './storm.ts';

/** For so long an address is ours. */
export const leaseMs = 30_000;
const lookAt = 25;

type Now<T> = T & { now: number };

/** What waits at an address. */
export interface AtAddress {
  /** The most urgent first. */
  sendable: Sendable[];
  /** The message to edit first. */
  copy: StaleCopy | undefined;
  board: Board | undefined;
  budgets: Seen[];
  /** An attempt is open that a process left so, or that another one was still to end when it was looked. */
  leftOpen: boolean;
  /** What the gates may know of the first that is sendable; undefined where it must be asked. */
  standing: Standing | undefined;
}

export interface Standing {
  ground: Ground;
  known: Known;
}

/** Where to. */
interface Wanted {
  channel: Channel;
  address: string;
  /** How fast it may be spoken to, as it was seen a moment ago. */
  budgets: Seen[];
}

export interface Asks {
  /** Claims an address for `leaseMs`; undefined while another living process serves it. */
  open(place: Now<Place>): Promise<AtAddress | undefined>;
  /** What waits there still; undefined when nothing does, and the address is given back. */
  next(place: Now<Place>): Promise<AtAddress | undefined>;
  /** Whatever waits there. */
  giveBack(place: Place): Promise<void>;
  /** What the gates may know of a receiver and what it is to be told. */
  standing(of: Now<{ receiverId: string; alertId: string | null }>): Promise<Standing>;
  turn(of: Now<Wanted>): Promise<Turn>;
  /** A turn, and with it an attempt: resolves when the intent is on disk. */
  begin(of: Now<Wanted & Begins>): Promise<Started>;
  /** What is around an alert that is known already. */
  surroundings(of: Shown): Promise<Surroundings>;
  /** After an edit: what the message shows now. Undone by a crash of the database, it is only edited again. */
  shown(of: Parameters<typeof shown>[1][number]): Promise<void>;
  /** Writes that a message arrived, and looks what waits there still, as `next` does. */
  record(arrived: Arrived): Promise<Recorded<AtAddress>>;
}

interface Begins {
  notificationId: number;
  notBefore: number | null;
  /** The alert that it is about, and for whom it is worded. */
  sitting?: Sitting | undefined;
}

/** `picture`: of the alert as it was once the intent was on disk. */
export type Started =
  | { ok: true; attempt: Attempt | undefined; picture: Promise<Picture | undefined> | undefined }
  | Extract<Begun, { ok: false }>;

/** One for the process, whose number is `owner`. */
export function openAsks(world: World, owner: number): Asks {
  const { db, soft } = world.database;
  const whole = new Map<string, Seen>();
  const copyAt = gathered((places: Now<Place>[]) => staleCopies(db, places, latest(places)));
  const boardAt = gathered((places: Now<Place>[]) => {
    const now = latest(places);
    return staleBoards(db, places, now - calmAfter, now);
  });
  /** With what is to be edited, which seldom is anything: asked apart, for claimed or given back stays so if it fails. */
  const withEdits = async (
    waiting: Waiting,
    place: Now<Place>,
    standings: Promise<Map<Waiting, Standing>>,
  ): Promise<AtAddress> => {
    const [copy, board, known] = await Promise.all([
      waiting.copy === true ? copyAt(place) : waiting.copy || undefined,
      waiting.board ? boardAt(place) : undefined,
      standings,
    ]);
    return { ...waiting, copy, board, standing: known.get(waiting) };
  };
  /** As far as the gates' answer came with what waits; whoever wishes for more is asked about. */
  const standingsAt = async (
    found: (Waiting | undefined)[],
    now: number,
  ): Promise<Map<Waiting, Standing>> => {
    const asked = found.flatMap((waiting) => (waiting?.gates ? [waiting] : []));
    if (asked.length === 0) return new Map();
    const firsts = asked.map(({ sendable }) => sendable[0]!.notification);
    const { grounds, known } = await standingOf(db, world, firsts, now, asked[0]!.gates);
    return new Map(
      asked.map((waiting, i) => {
        const { receiverId: id } = firsts[i]!;
        return [waiting, { ground: grounds.get(id)!, known: known.get(id)! }];
      }),
    );
  };
  const seenBy = async (
    look: (places: Place[], wanted: Looking) => Promise<(Waiting | undefined)[]>,
    places: Now<Place>[],
  ): Promise<(Promise<AtAddress> | undefined)[]> => {
    const now = latest(places);
    const found = await look(places, { owner, most: lookAt, calmSince: now - calmAfter, now });
    // Where it fails it is asked again, by each for itself.
    const standings = standingsAt(found, now).catch(() => new Map<Waiting, Standing>());
    return found.map((waiting, i) => {
      const seen = waiting && withEdits(waiting, { ...places[i]!, now }, standings);
      // Whoever takes it hears of it; where the writing before the look failed, nobody does.
      seen?.catch(() => {});
      return seen;
    });
  };
  const looking = (look: (places: Place[], wanted: Looking) => Promise<(Waiting | undefined)[]>) =>
    gathered(
      (places: Now<Place>[]): Promise<(AtAddress | undefined | Promise<AtAddress>)[]> => seenBy(look, places),
    );
  return {
    open: looking((places, wanted) => claim(soft, places, { ...wanted, until: wanted.now + leaseMs })),
    next: looking((places, wanted) => leave(soft, places, wanted)),
    giveBack: gathered(async (places) => {
      await returnLeases(soft, places, owner);
      return places.map(() => undefined);
    }),
    standing: gathered(async (wanted) => {
      const { grounds, known } = await standingOf(db, world, wanted, latest(wanted));
      return wanted.map(({ receiverId: id }) => ({ ground: grounds.get(id)!, known: known.get(id)! }));
    }),
    turn: byChannel(whole, (channel, wishes, known) => takeTurns(soft, channel, wishes, known)),
    begin: byChannel(whole, (channel, wishes, known) => beginAll(world, channel, wishes, known)),
    surroundings: gathered((shown) => surroundingsOf(world, shown)),
    shown: gathered(async (edits) => {
      await shown(soft, edits);
      return edits.map(() => undefined);
    }),
    record: openRecording(world, (line, places) => seenBy((all, wanted) => leave(line, all, wanted), places)),
  };
}

/** Begins attempts, and draws what they are about from what was read behind their intents. */
async function beginAll(
  world: World,
  channel: string,
  wishes: (Wish & Begins)[],
  known: Map<string, Seen>,
): Promise<(Started | Promise<Started>)[]> {
  const since = sinceOf(wishes);
  const intents = wishes.map(({ sitting, ...wish }) => ({
    ...wish,
    about: sitting && { alertId: sitting.alertId, receiverId: sitting.receiverId, since },
  }));
  const begun = await beginAttempts(world.database, channel, intents, known);
  const read = new Map<Promise<Pictures>, Sitting[]>();
  begun.forEach((one, i) => {
    const { sitting } = wishes[i]!;
    if (one instanceof Promise || !one.ok || !one.pictures || !sitting) return;
    read.set(one.pictures, [...(read.get(one.pictures) ?? []), sitting]);
  });
  const drawn = new Map(
    [...read].flatMap(([pictures, sittings]) => [...drawnFrom(world, sittings, pictures)]),
  );
  return begun.map((one, i): Started | Promise<Started> => {
    if (one instanceof Promise) return one.then((late) => (late.ok ? { ...late, picture: undefined } : late));
    if (!one.ok) return one;
    const { sitting } = wishes[i]!;
    return { ok: true, attempt: one.attempt, picture: sitting && drawn.get(sitting) };
  });
}

/**
 * Asks for those of each channel apart, so that none pays for another. What all of a channel share is remembered: others
 * were served since it was last seen.
 */
function byChannel<W extends Now<Wanted>, A>(
  whole: Map<string, Seen>,
  ask: (channel: string, wishes: (W & Wish)[], known: Map<string, Seen>) => Promise<(A | Promise<A>)[]>,
): (wanted: W) => Promise<A> {
  const each = new Map<Channel, (wanted: W) => Promise<A>>();
  const asking = (channel: Channel) =>
    gathered(async (wanted: W[]) => {
      const wishes = wanted.map((one) => ({
        ...one,
        pace: channel.pace(one.address),
        whole: channel.whole,
      }));
      const known = new Map(wanted.flatMap(({ budgets }) => budgets).map((seen) => [seen.address, seen]));
      const [seen, before] = [known.get(wholeChannel), whole.get(channel.name)];
      if (before && (!seen || seen.freeAt < before.freeAt)) known.set(wholeChannel, before);
      const answers = await ask(channel.name, wishes, known);
      const after = known.get(wholeChannel);
      if (after) whole.set(channel.name, after);
      return answers;
    });
  return (wanted) => {
    const { channel } = wanted;
    const own = each.get(channel) ?? asking(channel);
    each.set(channel, own);
    return own(wanted);
  };
}
