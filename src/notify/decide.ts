// The job `notify`: passes the undecided notifications of receivers through the gates and writes what became of them.
import { failpoint } from '#core/failpoint.ts';
import type { World } from '#operations/world.ts';
import { openBoards, weatherAt } from '#store/boards.ts';
import { isHeld } from '#store/collisions.ts';
import type { Tx } from '#store/connection.ts';
import type { Made } from '#store/deliveries.ts';
import { type Fate, settling } from '#store/fates.ts';
import { gathered, latest } from '#store/gathered.ts';
import { lastly } from '#store/lastly.ts';
import { softly } from '#store/softly.ts';
import { together } from '#store/together.ts';
import { holdReceivers, type Pending, pendingOf, undecidedOf } from '#store/undecided.ts';
import { openApart } from './apart.ts';
import type { AtOnce, Beginning, Candidate } from './at-once.ts';
import { type CanEdit, decideFor, type Rung } from './decide-for.ts';
import { groundsOf, standingOf } from './facts.ts';
import type { Sky } from './keep-board.ts';
import { stormSpan } from './storm.ts';

/** Enough for a whole night with a storm in it, so that its end is one summary. */
const batch = 12_000;
/** So much is decided together for many receivers; it holds up whoever is asked for next. */
const mostTogether = 2_000;
/** For whom so much of it waits, it is decided apart. */
const much = 300;
const mostApart = 3;
/** Of more, nothing begins with its decision: waiting for the disk would hold up those who are decided for next. */
const fewTogether = 8;

/** For whom, when; and that moment on a clock that only goes forward. */
interface Wanted {
  receiverId: string;
  now: number;
  from: number;
}

/**
 * Decides for a receiver, together with those for whom is decided at the same moment; apart from them, when much waits for
 * it or another process decides for it. Resolves when what began with its decision (`at-once.ts`) is sent. One for the
 * process.
 */
export function openDeciding(
  world: World,
  canEdit: CanEdit,
  atOnce?: AtOnce,
): (wanted: Wanted) => Promise<void> {
  const one = async (id: string, now: number) =>
    void (await decide(world, [id], { canEdit, limit: batch }, now));
  const apart = openApart(one, mostApart);
  const soon = gathered(async (wanted: Wanted[]) => {
    const ids = [...new Set(wanted.map(({ receiverId }) => receiverId))];
    const now = latest(wanted);
    const from = Math.min(...wanted.map((one) => one.from));
    const { left, sends } = await decideTogether(
      world,
      ids,
      { canEdit, limit: mostTogether, atOnce, from },
      now,
    );
    return wanted.map(({ receiverId }) =>
      left.has(receiverId) ? apart.ask(receiverId, now) : sends.get(receiverId),
    );
  });
  return (one) => (apart.has(one.receiverId) ? apart.ask(one.receiverId, one.now) : soon(one));
}

/** So much waits that not all are decided for together: no summary may end where another's begins. */
class TooMuch extends Error {
  /** Those for whom most of it waits. */
  readonly receiverIds: string[];
  constructor(receiverIds: string[]) {
    super('decided apart');
    this.receiverIds = receiverIds;
  }
}

/** Decides for those for whom little waits, and whom nobody else decides for; the others are left. */
async function decideTogether(
  world: World,
  receiverIds: string[],
  manner: Manner,
  now: number,
): Promise<{ left: Set<string>; sends: Sends }> {
  const left = new Set<string>();
  const sends: Sends = new Map();
  const groups = [receiverIds];
  for (let some = groups.pop(); some; some = groups.pop()) {
    try {
      for (const [id, sent] of await decide(world, some, manner, now)) sends.set(id, sent);
    } catch (error) {
      const apart = error instanceof TooMuch ? error.receiverIds : isHeld(error) ? some : undefined;
      if (!apart) throw error;
      for (const id of apart) left.add(id);
      const rest = some.filter((id) => !left.has(id));
      const middle = apart.length > 0 ? rest.length : Math.ceil(rest.length / 2);
      groups.push(...[rest.slice(middle), rest.slice(0, middle)].filter(({ length }) => length > 0));
    }
  }
  return { left, sends };
}

interface Manner {
  canEdit: CanEdit;
  /** At most so many notifications in one transaction. */
  limit: number;
  atOnce?: AtOnce | undefined;
  from?: number;
}

/** What is being sent, by receiver. */
type Sends = Map<string, Promise<void>>;

/** Decides about everything that waits for these receivers; nothing is left for `now`. */
async function decide(world: World, receiverIds: string[], manner: Manner, now: number): Promise<Sends> {
  const { db, soft } = world.database;
  let sends: Sends = new Map();
  for (let more = true, again = false; more; again = true) {
    const { limit, from = 0, ...rest } = manner;
    const few = !again && receiverIds.length <= fewTogether;
    const atOnce = few && rest.atOnce?.open() ? rest.atOnce : undefined;
    const look = { again, canEdit: rest.canEdit, limit };
    let beginning: Beginning | undefined;
    const begin = (candidates: Candidate[]) => {
      beginning = atOnce?.begin(candidates, { now, from });
      return beginning;
    };
    // What a crash undoes is decided again; the intent to send waits for the disk, and for this with it.
    const transacting = (atOnce ? db : soft).transaction((tx) =>
      decideBatch(tx, world, receiverIds, look, now, atOnce && begin),
    );
    const done = await transacting.catch((error) => {
      beginning?.fail();
      throw error;
    });
    if (done.count > 0) failpoint('decide.after_commit');
    if (beginning) sends = beginning.go(done.made);
    world.ring(
      done.bells.flatMap(({ of, ...bell }) => (bell.job === 'deliver' && sends.has(of ?? '') ? [] : [bell])),
    );
    more = done.count === limit;
  }
  return sends;
}

async function decideBatch(
  tx: Tx,
  world: World,
  receiverIds: string[],
  { again, canEdit, limit }: Pick<Manner, 'canEdit' | 'limit'> & { again: boolean },
  now: number,
  begin?: (candidates: Candidate[]) => Beginning | undefined,
): Promise<{ count: number; bells: Rung[]; made: Made[][] }> {
  const [, { pending, held, gates, alone }, boards, weather] = await together([
    holdReceivers(tx, receiverIds, limit === mostTogether),
    pendingOf(tx, receiverIds, { limit, lonely: begin !== undefined }, now),
    openBoards(tx, receiverIds),
    weatherAt(tx, receiverIds, now - stormSpan),
  ]);
  const all = held ? await withHeld(tx, world, receiverIds, { again, limit }, now) : pending;
  if (all.length === 0) return { count: 0, bells: [], made: [] };
  const waiting = new Map<string, Pending['pending']>();
  for (const one of all) {
    const before = waiting.get(one.receiverId);
    if (before) before.push(one);
    else waiting.set(one.receiverId, [one]);
  }
  if (limit === mostTogether && all.length === limit)
    throw new TooMuch([...waiting].filter(([, its]) => its.length >= much).map(([id]) => id));
  const { grounds, known } = await standingOf(tx, world, all, now, gates);
  const fates: Fate[] = [];
  const bells: Rung[] = [];
  const candidates: Candidate[] = [];
  let plain = true;
  for (const [receiverId, undecided] of waiting) {
    const sky: Sky = {
      ground: grounds.get(receiverId)!,
      known: known.get(receiverId)!,
      standing: boards.get(receiverId),
      weather: weather.get(receiverId) ?? { recent: 0, recentCritical: 0 },
    };
    const own = await decideFor(tx, world, receiverId, sky, undecided, canEdit, now);
    fates.push(...own.fates);
    bells.push(...own.bells);
    plain &&= own.plain;
    const budgets = alone.get(own.fates[0]?.id ?? 0);
    if (budgets && own.fates[0]?.status === 'ready')
      candidates.push({ notification: undecided[0]!, ground: sky.ground, budgets });
  }
  // Where more is written, others may hold some of that and wait for an address.
  const beginning = plain && candidates.length > 0 ? begin?.(candidates) : undefined;
  failpoint('decide.before_commit');
  const made = await settled(tx, fates, { beginning, hasty: begin !== undefined }, now);
  for (const { status, reason } of fates)
    world.meter.count('notifications_decided', { status, reason: reason ?? 'none' });
  return { count: all.length, bells, made };
}

/** Each that was pending has its fate, and with it perhaps an attempt. `hasty`: without one the commit need not wait. */
async function settled(
  tx: Tx,
  fates: Fate[],
  { beginning, hasty }: { beginning: Beginning | undefined; hasty: boolean },
  now: number,
): Promise<Made[][]> {
  const settles = settling(tx, fates, now);
  if (!beginning) {
    await lastly(tx, hasty ? [softly(tx), settles] : [settles]);
    return [];
  }
  const [, ...made] = await lastly(tx, [settles, ...beginning.intents(tx)] as const, (line) =>
    beginning.behind(line),
  );
  return made;
}

/** The pending ones, and the held whose ground has changed. */
async function withHeld(
  tx: Tx,
  world: World,
  receiverIds: string[],
  { again, limit }: { again: boolean; limit: number },
  now: number,
): Promise<Pending['pending']> {
  const grounds = await groundsOf(tx, world, receiverIds, now);
  const deciding = [...grounds].map(([receiverId, { quietEnd, silences }]) => ({
    receiverId,
    quietEnd,
    silenceEnds: silences.map(({ endsAt }) => endsAt),
  }));
  return undecidedOf(tx, deciding, again, limit, now);
}
