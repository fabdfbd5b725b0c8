// The job `notify`: passes the undecided notifications of receivers through the gates and writes what became of them.

import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Notification } from '#core/notification.ts';
import { compareSeverity } from '#core/severity.ts';
import type { World } from '#operations/world.ts';
import { openBoards, weatherAt } from '#store/boards.ts';
import { isHeld } from '#store/collisions.ts';
import type { Tx } from '#store/connection.ts';
import { hearOf } from '#store/copies.ts';
import { addForwarded } from '#store/elsewhere.ts';
import { type Fate, setSeverity, settling } from '#store/fates.ts';
import { gathered, latest } from '#store/gathered.ts';
import { lastly } from '#store/lastly.ts';
import { addSummary } from '#store/owed.ts';
import { receiversOf } from '#store/receivers.ts';
import { together } from '#store/together.ts';
import { holdReceivers, pendingOf, undecidedOf } from '#store/undecided.ts';
import { openApart } from './apart.ts';
import { factsOf, type Ground, groundsOf, standingOf } from './facts.ts';
import { fallBack } from './fall-back.ts';
import { type Sky, storm } from './keep-board.ts';
import { type Plan, plan } from './plan.ts';
import { stormSpan } from './storm.ts';

/** Enough for a whole night with a storm in it, so that its end is one summary. */
const batch = 12_000;
/** So much is decided together for many receivers; it holds up whoever is asked for next. */
const mostTogether = 2_000;
/** For whom so much of it waits, it is decided apart. */
const much = 300;
const mostApart = 3;

type CanEdit = (channel: string) => boolean;

/**
 * Decides for a receiver, together with those for whom is decided at the same moment; apart from them, when much waits for
 * it or another process decides for it. One for the process.
 */
export function openDeciding(
  world: World,
  canEdit: CanEdit,
): (wanted: { receiverId: string; now: number }) => Promise<void> {
  const apart = openApart((id, now) => decide(world, [id], { canEdit, limit: batch }, now), mostApart);
  const soon = gathered(async (wanted: { receiverId: string; now: number }[]) => {
    const ids = [...new Set(wanted.map(({ receiverId }) => receiverId))];
    const now = latest(wanted);
    const left = await decideTogether(world, ids, canEdit, now);
    return wanted.map(({ receiverId }) => (left.has(receiverId) ? apart.ask(receiverId, now) : undefined));
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
  canEdit: CanEdit,
  now: number,
): Promise<Set<string>> {
  const left = new Set<string>();
  const groups = [receiverIds];
  for (let some = groups.pop(); some; some = groups.pop()) {
    try {
      await decide(world, some, { canEdit, limit: mostTogether }, now);
    } catch (error) {
      const apart = error instanceof TooMuch ? error.receiverIds : isHeld(error) ? some : undefined;
      if (!apart) throw error;
      for (const id of apart) left.add(id);
      const rest = some.filter((id) => !left.has(id));
      const middle = apart.length > 0 ? rest.length : Math.ceil(rest.length / 2);
      groups.push(...[rest.slice(middle), rest.slice(0, middle)].filter(({ length }) => length > 0));
    }
  }
  return left;
}

interface Manner {
  canEdit: CanEdit;
  /** At most so many notifications in one transaction. */
  limit: number;
}

/** Decides about everything that waits for these receivers; nothing is left for `now`. */
async function decide(world: World, receiverIds: string[], manner: Manner, now: number): Promise<void> {
  for (let more = true, again = false; more; again = true) {
    const look = again;
    // What a crash undoes is decided again; the intent to send waits for the disk, and for this with it.
    const done = await world.database.soft.transaction((tx) =>
      decideBatch(tx, world, receiverIds, { again: look, ...manner }, now),
    );
    if (done.count > 0) failpoint('decide.after_commit');
    world.ring(done.bells);
    more = done.count === manner.limit;
  }
}

async function decideBatch(
  tx: Tx,
  world: World,
  receiverIds: string[],
  { again, canEdit, limit }: Manner & { again: boolean },
  now: number,
): Promise<{ count: number; bells: Doorbell[] }> {
  const [, { pending, held, gates }, boards, weather] = await together([
    holdReceivers(tx, receiverIds, limit === mostTogether),
    pendingOf(tx, receiverIds, limit, now),
    openBoards(tx, receiverIds),
    weatherAt(tx, receiverIds, now - stormSpan),
  ]);
  const all = held ? await withHeld(tx, world, receiverIds, { again, limit }, now) : pending;
  if (all.length === 0) return { count: 0, bells: [] };
  const waiting = new Map<string, Notification[]>();
  for (const one of all) {
    const before = waiting.get(one.receiverId);
    if (before) before.push(one);
    else waiting.set(one.receiverId, [one]);
  }
  if (limit === mostTogether && all.length === limit)
    throw new TooMuch([...waiting].filter(([, its]) => its.length >= much).map(([id]) => id));
  const { grounds, known } = await standingOf(tx, world, all, now, gates);
  const fates: Fate[] = [];
  const bells: Doorbell[] = [];
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
  }
  failpoint('decide.before_commit');
  // Each that was pending has its fate.
  await lastly(tx, [settling(tx, fates, now)]);
  for (const { status, reason } of fates)
    world.meter.count('notifications_decided', { status, reason: reason ?? 'none' });
  return { count: all.length, bells };
}

/** The pending ones, and the held whose ground has changed. */
async function withHeld(
  tx: Tx,
  world: World,
  receiverIds: string[],
  { again, limit }: { again: boolean; limit: number },
  now: number,
): Promise<Notification[]> {
  const grounds = await groundsOf(tx, world, receiverIds, now);
  const deciding = [...grounds].map(([receiverId, { quietEnd, silences }]) => ({
    receiverId,
    quietEnd,
    silenceEnds: silences.map(({ endsAt }) => endsAt),
  }));
  return undecidedOf(tx, deciding, again, limit, now);
}

/** What becomes of one receiver's notifications, and everything that has to be written for it besides. */
async function decideFor(
  tx: Tx,
  world: World,
  receiverId: string,
  sky: Sky,
  undecided: Notification[],
  canEdit: CanEdit,
  now: number,
): Promise<{ fates: Fate[]; bells: Doorbell[] }> {
  const { ground, known } = sky;
  const decided = plan(undecided, (notification) => factsOf(ground, known, notification), now);
  for (const { id, severity } of decided.raised) {
    const before = undecided.find((notification) => notification.id === id)?.severity;
    if (!before || compareSeverity(severity, before) > 0) await setSeverity(tx, id, severity);
  }
  const viaId = await summarise(tx, decided, receiverId, now);
  const bells = await forward(tx, ground, undecided, decided, now);
  bells.push(...(await elsewhere(tx, ground, undecided, decided, now)));
  const edits = ground.receiver !== undefined && canEdit(ground.receiver.channel);
  const board = edits ? await storm(tx, world, sky, undecided, decided, now) : undefined;
  const fates = decided.decisions.map((decision) => {
    const shownBy = board?.onBoard.get(decision.id);
    return shownBy === undefined ? fateOf(decision, viaId) : onBoard(decision.id, shownBy);
  });
  if (viaId !== null && ground.receiver) {
    const { channel, address } = ground.receiver;
    const alerts = decided.summarised.flatMap(({ alertId }) => {
      const alert = known.alerts.get(alertId ?? '');
      return alert ? [{ id: alert.id, rev: alert.rev }] : [];
    });
    await hearOf(tx, { receiverId, channel, address }, alerts, now);
  }
  const sends = viaId !== null || board?.sends === true || fates.some(({ status }) => status === 'ready');
  if (sends && ground.receiver)
    bells.unshift({ job: 'deliver', id: `${ground.receiver.channel}|${ground.receiver.address}` });
  bells.push(...(board?.bells ?? []));
  return { fates, bells };
}

/** What somebody who is away is not told goes to the person they named. */
async function forward(
  tx: Tx,
  { settings: { away } }: Ground,
  undecided: Notification[],
  { decisions }: Plan,
  now: number,
): Promise<Doorbell[]> {
  if (!away?.delegate) return [];
  const dropped = new Set(
    decisions.filter(({ verdict }) => verdict.is === 'drop' && verdict.reason === 'away').map(({ id }) => id),
  );
  const news = undecided.filter(({ id }) => dropped.has(id));
  const receivers = (await receiversOf(tx, [away.delegate])).filter(({ disabled }) => disabled === null);
  if (news.length === 0) return [];
  await addForwarded(
    tx,
    news,
    receivers.map(({ id }) => id),
    now,
  );
  return receivers.map(({ id }) => ({ job: 'notify', id }));
}

/** What is critical and meant for a receiver that is switched off goes to its owner's next one. */
async function elsewhere(
  tx: Tx,
  { receiver, ownerLeft }: Ground,
  undecided: Notification[],
  { decisions }: Plan,
  now: number,
): Promise<Doorbell[]> {
  if (!receiver || receiver.disabled === null || ownerLeft) return [];
  const dropped = new Set(
    decisions
      .filter(({ verdict }) => verdict.is === 'drop' && verdict.reason === 'not-at-home')
      .map(({ id }) => id),
  );
  const bells: Doorbell[] = [];
  for (const one of undecided)
    if (dropped.has(one.id)) bells.push(...(await fallBack(tx, one, receiver, now)));
  return bells;
}

async function summarise(tx: Tx, decided: Plan, receiverId: string, now: number): Promise<number | null> {
  if (decided.summarised.length === 0) return null;
  const ids = decided.summarised.map(({ id }) => id);
  return addSummary(tx, receiverId, ids, decided.severity, decided.why, now);
}

function onBoard(id: number, viaId: number): Fate {
  const detail = 'So much came at once that it stands on one board.';
  return { id, status: 'suppressed', reason: 'storm', detail, viaId };
}

function fateOf({ id, verdict }: Plan['decisions'][number], viaId: number | null): Fate {
  switch (verdict.is) {
    case 'send':
      return { id, status: 'ready' };
    case 'hold':
      return { id, status: 'held', reason: verdict.reason, detail: verdict.text, notBefore: verdict.until };
    case 'drop':
      return {
        id,
        status: 'suppressed',
        reason: verdict.reason,
        detail: verdict.text,
        viaId: verdict.reason === 'in-summary' ? viaId : null,
      };
  }
}
