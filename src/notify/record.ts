// Writes what arrived: the attempt's end, the message that stands there now, and the “over” that it may owe already.
import type { Alert } from '#core/alert.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { World } from '#operations/world.ts';
import { type Arrival, type Patience, writeArrivals } from '#store/arrivals.ts';
import { boardOf, boardShown } from '#store/boards.ts';
import { isCollision, isHeld, throughCollisions } from '#store/collisions.ts';
import type { Tx } from '#store/connection.ts';
import { markOver } from '#store/copies.ts';
import { alertsNamed, lockAlerts } from '#store/find-alerts.ts';
import { gathered } from '#store/gathered.ts';
import { inARow, type Line } from '#store/in-a-row.ts';
import type { Place } from '#store/leases.ts';
import { oweOver } from '#store/owed.ts';
import type { Delivered } from './channel.ts';
import type { Composed } from './compose.ts';
import type { Sending } from './fail.ts';

/** A message that was sent, and what it said. */
export interface Arrived {
  sending: Sending;
  composed: Composed;
  sent: Extract<Delivered, { is: 'sent' }>;
}

/** What came of writing it. */
export interface Recorded<Next> {
  /** The message that it took the place of. */
  replaced: string | null;
  /** What waits at the address still; absent where that was not asked. */
  next?: Promise<Next | undefined>;
}

/** Looks what waits still at addresses of ours, behind what is written there in the same row. */
type Look<Next> = (line: Line, places: (Place & { now: number })[]) => Promise<(Promise<Next> | undefined)[]>;

/**
 * Writes what arrived, together with what arrived at the same moment, and looks what waits there still. What is about an
 * alert that somebody holds waits for it over one connection, and the others do not. One for the process.
 */
export function openRecording<Next>(
  world: World,
  look: Look<Next>,
): (arrived: Arrived) => Promise<Recorded<Next>> {
  const held = new Set<string>();
  const late = gathered((arrived: Arrived[]) => record(world, look, arrived, 'long', wait));
  const soon = gathered(async (arrived: Arrived[]) => {
    try {
      return await record(world, look, arrived, 'short', wait);
    } catch (error) {
      if (!isHeld(error)) throw error;
      return record(world, look, arrived, 'none', wait);
    }
  });
  async function wait(one: Arrived): Promise<Recorded<Next>> {
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

async function record<Next>(
  world: World,
  look: Look<Next>,
  arrived: Arrived[],
  patience: Patience,
  wait: (one: Arrived) => Promise<Recorded<Next>>,
): Promise<(Recorded<Next> | Promise<Recorded<Next>>)[]> {
  const { db } = world.database;
  const now = Math.max(...arrived.map(({ sending }) => sending.now));
  const boards = arrived.filter(({ sending }) => sending.notification.kind === 'board');
  failpoint('send.before_result');
  const looked = boards.length > 0 ? [] : arrived.filter(isLast);
  const places = looked.map(({ sending: { receiver } }) => ({
    channel: receiver.channel,
    address: receiver.address,
    now,
  }));
  const { written, next } = await throughCollisions(
    async () => {
      const write = (into: Line) => writeArrivals(into, arrived.map(arrivalOf), patience, now);
      if (boards.length === 0)
        return inARow(world.database, async (line) => {
          const writing = write(line);
          if (places.length > 0) failpoint('deliver.before_look');
          // Where nothing was written the attempt is open still, and the address stays ours.
          const looking = places.length > 0 ? look(line, places) : Promise.resolve([]);
          looking.catch(() => {});
          return { written: await writing, next: looking };
        });
      const all = await db.transaction(async (tx) => {
        const all = await write(tx);
        for (const one of boards) if (all[arrived.indexOf(one)]!.ours) await putUp(tx, one, now);
        return all;
      });
      return { written: all, next: Promise.resolve([]) };
    },
    patience === 'long' ? isCollision : (error) => isCollision(error) && !isHeld(error),
  );
  failpoint('send.after_result');
  const owing = arrived.filter((_, i) => written[i]!.owed);
  world.ring(owing.map(({ sending }) => ({ job: 'notify', id: sending.notification.receiverId })));
  return arrived.map((one, i) => {
    const { left, before } = written[i]!;
    if (left) return wait(one);
    if (one.sending.notification.kind === 'summary') return endedMany(world, one);
    const replaced = before === one.sent.messageId ? null : before;
    const place = looked.indexOf(one);
    if (place < 0) return { replaced };
    const found = next.then((all) => all[place]);
    // Whoever serves the address hears of it, unless the time is over.
    found.catch(() => {});
    return { replaced, next: found };
  });
}

/** Whether nothing more is done at the address because it arrived. */
function isLast(one: Arrived): boolean {
  const { kind } = one.sending.notification;
  return kind !== 'summary' && (!aboutOne(one) || kind === 'firing' || kind === 'over');
}

/** The alert of a message about one alert. */
function aboutOne({ sending, composed }: Arrived): Alert | undefined {
  return sending.notification.kind === 'summary' ? undefined : composed.alerts[0];
}

function arrivalOf(one: Arrived): Arrival {
  const { sending, composed, sent } = one;
  const { attempt, notification, receiver, now: at } = sending;
  return {
    id: attempt.id,
    notificationId: notification.id,
    kind: notification.kind,
    receiverId: notification.receiverId,
    channel: receiver.channel,
    address: receiver.address,
    messageId: sent.messageId,
    detail: composed.note ?? null,
    exchange: sent.exchange ?? null,
    at,
    shown: aboutOne(one),
  };
}

/** The board stands there; what came since its words were chosen is edited in. */
async function putUp(
  tx: Tx,
  { sending: { notification }, sent: { messageId } }: Arrived,
  now: number,
): Promise<void> {
  const board = await boardOf(tx, notification.viaId ?? notification.id);
  if (board) await boardShown(tx, board.id, { messageId, editAfter: now + 1000 });
}

/** The same for all that a summary told: they count as heard since it was decided, so that later ends find their way alone. */
async function endedMany(world: World, { sending, composed }: Arrived): Promise<{ replaced: null }> {
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
  if (ended.length === 0) return { replaced: null };
  const ids = ended.map(({ id }) => id);
  const rung = await throughCollisions(() =>
    db.transaction(async (tx) => {
      const bells: Doorbell[] = [];
      // What ended while it was told as burning needs an “over” still.
      for (const current of (await lockAlerts(tx, ids)).values())
        if (current.status === 'resolved' && (await oweOver(tx, receiverId, current, now)))
          bells.push({ job: 'notify', id: receiverId });
      return bells;
    }),
  );
  world.ring(rung);
  return { replaced: null };
}
