// One step of a broadcast whose time has come: whom it concerns now, and a message for each who is to be told.
import { takeTurn } from '#core/broadcast.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { type Concerned, concernedBy } from '#operations/broadcast-audience.ts';
import { readable } from '#operations/tell-elsewhere.ts';
import type { World } from '#operations/world.ts';
import {
  addTellings,
  fatesOf,
  markBack,
  markLeft,
  receiptsFor,
  saveReceipts,
} from '#store/broadcast-receipts.ts';
import { type Broadcast, findBroadcast, lockDueBroadcast, moveBroadcast } from '#store/broadcasts.ts';
import type { Tx } from '#store/connection.ts';
import { addNote } from '#store/notes.ts';
import { type Receiver, receiversOf } from '#store/receivers.ts';
import type { Telling } from './broadcast-words.ts';
import { sayResult } from './broadcast-words.ts';

const tryAgainMs = 5 * 60_000;

/**
 * False when none is due. All of a step is one transaction: told and counted as told together, so nobody twice. A step
 * that fails is tried again later, so that it holds up nothing else.
 */
export async function tellNextBroadcast(world: World, now: number): Promise<boolean> {
  const { db } = world.database;
  let broadcast: Broadcast | undefined;
  try {
    const bells = await db.transaction(async (tx) => {
      broadcast = await lockDueBroadcast(tx, now);
      return broadcast && step(tx, broadcast, now);
    });
    if (!broadcast || !bells) return false;
    world.ring(bells);
    world.meter.count('broadcast_steps', { step: broadcast.next });
  } catch (error) {
    if (!broadcast) throw error;
    world.log.error({ err: error, broadcast: broadcast.id }, 'a broadcast could not go on');
    await putOff(world, broadcast.id, now);
  }
  return true;
}

/** At its end it ends even so: only who left since its last step is not known then. */
async function putOff(world: World, id: string, now: number): Promise<void> {
  const { db } = world.database;
  const over = await db.transaction(async (tx) => {
    const broadcast = await findBroadcast(tx, id, true);
    // Another process may have taken the step meanwhile.
    if (broadcast?.status !== 'running' || broadcast.nextAt > now) return undefined;
    const { endsAt } = broadcast;
    const ended = now >= endsAt;
    const course = ended
      ? { ...broadcast, status: 'done' as const, nextAt: endsAt }
      : { ...broadcast, nextAt: Math.min(endsAt, now + tryAgainMs) };
    await moveBroadcast(tx, id, course, now);
    return ended && broadcast.everyMs !== null ? broadcast : undefined;
  });
  if (over) world.ring(await db.transaction((tx) => report(tx, over, now)));
}

async function step(tx: Tx, broadcast: Broadcast, now: number): Promise<Doorbell[]> {
  const { id, everyMs } = broadcast;
  const concerned = new Map((await concernedBy(tx, broadcast.audience)).map((one) => [one.ownerId, one]));
  const known = await receiptsFor(tx, id);
  const turn = takeTurn(broadcast, [...concerned.keys()], known, now);
  await markLeft(tx, id, turn.left, now);
  await markBack(tx, id, turn.back);
  const told = new Set(turn.tell);
  const waiting = turn.joined.filter((ownerId) => !told.has(ownerId));
  await saveReceipts(
    tx,
    waiting.map((ownerId) => ({
      ...line(broadcast, concerned.get(ownerId)!),
      round: 0,
      notificationId: null,
    })),
  );
  const { round } = turn.course;
  const bells = await tell(
    tx,
    { ...broadcast, round },
    turn.tell.map((ownerId) => concerned.get(ownerId)!),
    now,
  );
  await moveBroadcast(tx, id, turn.course, now);
  if (turn.course.status === 'done' && everyMs !== null) bells.push(...(await report(tx, broadcast, now)));
  return bells;
}

async function tell(tx: Tx, broadcast: Broadcast, these: Concerned[], now: number): Promise<Doorbell[]> {
  const places = placesOf(
    await receiversOf(
      tx,
      these.map(({ ownerId }) => ownerId),
    ),
  );
  const messages = these.flatMap(({ ownerId, things, more }) => {
    const place = places.get(ownerId);
    const body: Telling = { broadcast: broadcast.id, round: broadcast.round, things, more };
    return place ? [{ receiverId: place.id, body }] : [];
  });
  const numbers = await addTellings(tx, messages, broadcast.severity, now);
  await saveReceipts(
    tx,
    these.map((one) => ({
      ...line(broadcast, one),
      round: broadcast.round,
      notificationId: numbers.get(places.get(one.ownerId)?.id ?? '') ?? null,
    })),
  );
  return messages.map(({ receiverId }) => ({ job: 'notify', id: receiverId }));
}

const line = ({ id }: Broadcast, { ownerId, things, more }: Concerned) => ({
  broadcastId: id,
  ownerId,
  things,
  more,
});

/** Each is told in one place: the chat, or the next that works. */
function placesOf(receivers: Receiver[]): Map<string, Receiver> {
  const places = new Map<string, Receiver>();
  for (const one of readable(receivers)) if (!places.has(one.ownerId)) places.set(one.ownerId, one);
  return places;
}

/** Whoever made it hears how it ended. */
async function report(tx: Tx, { id, byRef, text }: Broadcast, now: number): Promise<Doorbell[]> {
  const maker = /^person:(.+)$/.exec(byRef)?.[1];
  const place = maker && placesOf(await receiversOf(tx, [maker])).get(maker);
  if (!place) return [];
  const counts = (await fatesOf(tx, [id])).get(id) ?? {};
  return addNote(tx, place.id, sayResult(text, counts), 'info', now);
}
