// Writes what arrived: the attempt's end, the message that stands there now, and the “over” that it may owe already.
import type { Alert } from '#core/alert.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { World } from '#operations/world.ts';
import { lockAlerts, type Standing } from '#store/alerts.ts';
import { boardOf, boardShown } from '#store/boards.ts';
import { isCollision, isHeld, throughCollisions, waitBriefly } from '#store/collisions.ts';
import type { Tx } from '#store/connection.ts';
import { copiesOf, keepCopies, markOver } from '#store/copies.ts';
import { endAttempts } from '#store/deliveries.ts';
import { gathered } from '#store/gathered.ts';
import { alertsNamed, oweOver, setSeverity, settle } from '#store/notifications.ts';
import { noteSuccess } from '#store/receivers.ts';
import type { Delivered } from './channel.ts';
import type { Composed } from './compose.ts';
import type { Sending } from './fail.ts';

/** A message that was sent, and what it said. */
export interface Arrived {
  sending: Sending;
  composed: Composed;
  sent: Extract<Delivered, { is: 'sent' }>;
}

/** How alerts are locked: waiting for them, for a second only, or passing over those that somebody else holds. */
type Patience = 'long' | 'short' | 'none';

/**
 * Writes what arrived, together with what arrived at the same moment; tells the message that it took the place of. What is
 * about an alert that somebody holds waits for it over one connection, and the others do not. One for the process.
 */
export function openRecording(world: World): (arrived: Arrived) => Promise<string | null> {
  const held = new Set<string>();
  const late = gathered((arrived: Arrived[]) => record(world, arrived, 'long', wait));
  const soon = gathered(async (arrived: Arrived[]) => {
    try {
      return await record(world, arrived, 'short', wait);
    } catch (error) {
      if (!isHeld(error)) throw error;
      return record(world, arrived, 'none', wait);
    }
  });
  async function wait(one: Arrived): Promise<string | null> {
    const id = aboutOne(one)?.id ?? '';
    held.add(id);
    try {
      return await late(one);
    } finally {
      held.delete(id);
    }
  }
  return (one) => (held.has(aboutOne(one)?.id ?? '') ? wait(one) : soon(one));
}

async function record(
  world: World,
  arrived: Arrived[],
  patience: Patience,
  wait: (one: Arrived) => Promise<string | null>,
): Promise<(string | null | Promise<string | null>)[]> {
  const { db } = world.database;
  const { bells, replaced, left } = await throughCollisions(
    () => db.transaction((tx) => recordAll(tx, arrived, patience)),
    patience === 'long' ? isCollision : (error) => isCollision(error) && !isHeld(error),
  );
  failpoint('send.after_result');
  world.ring(bells);
  return arrived.map((one) => {
    if (left.has(one)) return wait(one);
    if (one.sending.notification.kind === 'summary') return endedMany(world, one);
    const before = replaced.get(one) ?? null;
    return before === one.sent.messageId ? null : before;
  });
}

async function recordAll(
  tx: Tx,
  given: Arrived[],
  patience: Patience,
): Promise<{ bells: Doorbell[]; replaced: Map<Arrived, string | null>; left: Set<Arrived> }> {
  // Under the alerts' locks: a change is either in what we read here, or will find our copy.
  const ids = [...new Set(given.flatMap((one) => aboutOne(one)?.id ?? []))];
  const [, alerts] = await Promise.all([
    patience === 'short' ? waitBriefly(tx) : undefined,
    lockAlerts(tx, ids, patience === 'none'),
  ]);
  const left = new Set(
    patience === 'none' ? given.filter((one) => aboutOne(one) && !alerts.has(aboutOne(one)!.id)) : [],
  );
  const arrived = given.filter((one) => !left.has(one));
  const ours = await endAttempts(tx, arrived.map(endOf));
  const own = arrived.filter(({ sending }) => ours.has(sending.attempt.id));
  const now = Math.max(...given.map(({ sending }) => sending.now));
  await settle(
    tx,
    own.map(({ sending }) => ({ id: sending.notification.id, status: 'sent' })),
    now,
  );
  const single = own.flatMap((one) => {
    const shown = aboutOne(one);
    return shown ? [{ one, shown, current: alerts.get(shown.id) ?? shown }] : [];
  });
  const standing = single.filter(({ one }) => one.sending.notification.kind !== 'over');
  const again = standing.filter(({ one }) => one.sending.notification.kind !== 'firing').map(pairOf);
  const before = new Map((await copiesOf(tx, again)).map((copy) => [nameOf(copy), copy.messageId]));
  await keepCopies(
    tx,
    standing.map(({ one: { sending, sent }, shown, current }) => ({
      alertId: shown.id,
      receiverId: sending.notification.receiverId,
      channel: sending.receiver.channel,
      address: sending.receiver.address,
      messageId: sent.messageId,
      shownRev: shown.rev,
      wantedRev: current.rev,
      at: sending.now,
    })),
  );
  const over = single.filter(({ shown }) => shown.status === 'resolved').map(pairOf);
  await markOver(tx, over, now);
  for (const { sending, sent } of own) {
    const { notification, receiver } = sending;
    if (receiver.failures > 0) await noteSuccess(tx, notification.receiverId);
    if (notification.kind === 'board')
      await putUp(tx, notification.viaId ?? notification.id, sent.messageId, now);
  }
  const bells: Doorbell[] = [];
  for (const { one, shown, current } of single) {
    const { id, severity, receiverId } = one.sending.notification;
    if (shown.severity !== severity) await setSeverity(tx, id, shown.severity);
    bells.push(...(await owed(tx, receiverId, shown, current, now)));
  }
  failpoint('send.before_result');
  const replaced = new Map(single.map((it) => [it.one, before.get(nameOf(pairOf(it))) ?? null]));
  return { bells, replaced, left };
}

/** The alert of a message about one alert. */
function aboutOne({ sending, composed }: Arrived): Alert | undefined {
  return sending.notification.kind === 'summary' ? undefined : composed.alerts[0];
}

function endOf({ sending, composed, sent }: Arrived) {
  const { note = null } = composed;
  const { messageId, exchange = null } = sent;
  const { attempt, now: at } = sending;
  return { id: attempt.id, outcome: 'sent' as const, detail: note, messageId, exchange, at };
}

function pairOf({ one, shown }: { one: Arrived; shown: Alert }) {
  return { receiverId: one.sending.notification.receiverId, alertId: shown.id };
}

function nameOf({ receiverId, alertId }: { receiverId: string; alertId: string }): string {
  return `${receiverId} ${alertId}`;
}

/** The board stands there; what came since its words were chosen is edited in. */
async function putUp(tx: Tx, notificationId: number, messageId: string | null, now: number): Promise<void> {
  const board = await boardOf(tx, notificationId);
  if (board) await boardShown(tx, board.id, { messageId, wanted: 0, editAfter: now + 1000 });
}

/** The same for all that a summary told: they count as heard since it was decided, so that later ends find their way alone. */
async function endedMany(world: World, { sending, composed }: Arrived): Promise<null> {
  const { db } = world.database;
  const { now, notification } = sending;
  const { receiverId } = notification;
  const over = composed.alerts.filter(({ status }) => status === 'resolved');
  await markOver(
    db,
    over.map(({ id: alertId }) => ({ receiverId, alertId })),
    now,
  );
  const burning = new Map(
    composed.alerts.filter(({ status }) => status !== 'resolved').map((one) => [one.id, one]),
  );
  const ended = (await alertsNamed(db, [...burning.keys()])).filter(({ status }) => status === 'resolved');
  if (ended.length === 0) return null;
  const ids = ended.map(({ id }) => id);
  const rung = await throughCollisions(() =>
    db.transaction(async (tx) => {
      const bells: Doorbell[] = [];
      for (const current of (await lockAlerts(tx, ids)).values())
        bells.push(...(await owed(tx, receiverId, burning.get(current.id)!, current, now)));
      return bells;
    }),
  );
  world.ring(rung);
  return null;
}

/** What ended while it was told as burning needs an “over” still. */
async function owed(
  tx: Tx,
  receiverId: string,
  shown: Standing,
  current: Standing,
  now: number,
): Promise<Doorbell[]> {
  if (shown.status === 'resolved' || current.status !== 'resolved') return [];
  return (await oweOver(tx, receiverId, current, now)) ? [{ job: 'notify', id: receiverId }] : [];
}
