// What becomes of a notification whose attempt did not succeed: later, elsewhere, or never.
import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import { tellElsewhere } from '#operations/tell-elsewhere.ts';
import type { World } from '#operations/world.ts';
import { pauseUntil } from '#store/budgets.ts';
import { throughCollisions } from '#store/collisions.ts';
import type { Tx } from '#store/connection.ts';
import { hearOf } from '#store/copies.ts';
import { type Attempt, endAttempts } from '#store/deliveries.ts';
import { type Fate, settle } from '#store/fates.ts';
import { findAlert } from '#store/find-alerts.ts';
import { oweOver } from '#store/owed.ts';
import { disableReceiver, moveAddress, noteFailure } from '#store/receivers.ts';
import type { Sendable } from '#store/waiting.ts';
import { chanceOf, usualPatience } from './backoff.ts';
import type { Channel, Delivered } from './channel.ts';
import { fallBack } from './fall-back.ts';
import { type Spot, saidOnce, topicFailed } from './forum.ts';
import { breaks } from './gate.ts';
import { loseAddress } from './lost-address.ts';
import { pauseFor } from './pause.ts';

/** What is written down of an attempt. */
type Settled = Exclude<Delivered, { is: 'misplaced' }>;

/** An attempt that was made. */
export interface Sending extends Pick<Sendable, 'notification' | 'receiver'> {
  world: World;
  channel: Channel;
  attempt: Attempt;
  /** Where in the chat it went. */
  spot: Spot;
  /** When it ended. */
  now: number;
}

/** Writes what it came to. Nothing, when the attempt has been taken for unknown by somebody else meanwhile. */
export async function failed(sending: Sending, outcome: Delivered): Promise<void> {
  switch (outcome.is) {
    case 'retry':
    case 'unknown':
      return again(sending, outcome);
    case 'moved':
      return moved(sending, outcome.address);
    case 'misplaced':
      return misplaced(sending, outcome);
    default:
      return died(sending, outcome);
  }
}

async function again(
  sending: Sending,
  outcome: Extract<Delivered, { is: 'retry' | 'unknown' }>,
): Promise<void> {
  const { world, channel, notification, receiver, attempt, now } = sending;
  const { why } = outcome;
  const patience = channel.patience ?? usualPatience;
  const asked = outcome.is === 'retry' && outcome.pauses !== undefined ? outcome.afterMs : undefined;
  const old = now - Math.max(notification.createdAt, notification.askedAt ?? 0) > patience.giveUpMs;
  const dead =
    (old && asked === undefined) || (outcome.is === 'unknown' && attempt.number >= patience.mostUnknown);
  const chance = chanceOf(world.token());
  const wait = asked ?? patience.wait(attempt.number, chance);
  const fate: Omit<Fate, 'id'> = dead
    ? { status: 'dead', reason: 'refused', detail: `Given up after ${attempt.number} attempts: ${why}.` }
    : { status: outcome.is, detail: why, notBefore: now + wait };
  let failingSince = now;
  const ours = await end(sending, outcome, why, fate, async (tx) => {
    if (outcome.is === 'retry') await pauseFor(tx, world, channel, receiver.address, outcome, now);
    if (patience.switchOffMs === undefined) return;
    // One of its messages finds out whether it works again; the others wait for that together.
    const failing = await noteFailure(tx, receiver.id, now);
    failingSince = failing.since;
    await pauseUntil(tx, channel.name, receiver.address, now + patience.wait(failing.failures, chance));
  });
  if (!ours) return;
  if (patience.switchOffMs !== undefined && now - failingSince > patience.switchOffMs) {
    const days = Math.round(patience.switchOffMs / 86_400_000);
    return lose(sending, `nothing has come through for ${days} days, lastly: ${why}`);
  }
  if (dead) await mourn(sending, why);
}

async function moved(sending: Sending, address: string): Promise<void> {
  const { world, channel, receiver, now } = sending;
  const fate = { status: 'retry', detail: 'The chat has a new address.' } as const;
  await end(sending, { is: 'moved', address }, `moved to ${address}`, fate, async (tx) => {
    const ids = await moveAddress(tx, channel.name, receiver.address, address);
    // Its owner is known at the new address already: this receiver has no place left.
    if (!ids.includes(receiver.id)) await disableReceiver(tx, receiver.id, 'the chat has moved', now);
  });
  world.ring([{ job: 'deliver', id: `${channel.name}|${address}` }]);
}

/** The topic took nothing: at once again, into a new one or outside. */
async function misplaced(sending: Sending, outcome: Extract<Delivered, { is: 'misplaced' }>): Promise<void> {
  const { world, receiver, spot, now } = sending;
  const fate = { status: 'retry', detail: outcome.why, notBefore: now } as const;
  let trouble: Awaited<ReturnType<typeof topicFailed>>;
  const ours = await end(sending, { ...outcome, is: 'retry', afterMs: 0 }, outcome.why, fate, async (tx) => {
    if (spot.is === 'thread') trouble = await topicFailed(tx, receiver, spot, outcome.closed, now);
  });
  if (ours && trouble) await saidOnce(world, receiver, trouble.name, trouble.text, now);
}

async function died(
  sending: Sending,
  outcome: Extract<Settled, { is: 'sent' | 'refused' | 'gone' }>,
): Promise<void> {
  const why = outcome.is === 'sent' ? 'sent without words' : outcome.why;
  const fate = { status: 'dead', reason: 'refused', detail: why } as const;
  if (!(await end(sending, outcome, why, fate))) return;
  if (outcome.is !== 'refused' || !outcome.disables) return mourn(sending, why);
  await lose(sending, why);
}

/** The address is given up; those whom this message was about hear of it elsewhere. */
async function lose({ world, channel, notification, receiver, now }: Sending, why: string): Promise<void> {
  const { db } = world.database;
  world.ring(
    await throughCollisions(() => db.transaction((tx) => fallBack(tx, notification, receiver, now))),
  );
  const { alertId } = notification;
  const alert = alertId === null ? undefined : await findAlert(db, alertId);
  const others = alert ? [alert.ownerId] : [];
  await loseAddress(world, { channel: channel.name, address: receiver.address, why, others }, now);
}

/** False when the attempt is no longer ours. */
async function end(
  sending: Sending,
  outcome: Settled,
  detail: string,
  fate: Omit<Fate, 'id'>,
  also: (tx: Tx) => Promise<void> = async () => {},
): Promise<boolean> {
  const { world, notification, attempt, now } = sending;
  let bells: Doorbell[] = [];
  const ours = await throughCollisions(() =>
    world.database.db.transaction(async (tx) => {
      const { is, exchange } = outcome;
      const ended = {
        id: attempt.id,
        outcome: is,
        detail,
        messageId: null,
        exchange: exchange ?? null,
        at: now,
      };
      if ((await endAttempts(tx, [ended])).size === 0) return false;
      await settle(tx, [{ ...fate, id: notification.id, attempt: attempt.number }], now);
      await also(tx);
      const doubtful = outcome.is === 'unknown' || attempt.firstTry !== null;
      bells = fate.status === 'dead' && doubtful ? await mayHaveHeard(sending, tx) : [];
      failpoint('fail.before_result');
      return true;
    }),
  );
  failpoint('fail.after_result');
  world.ring(bells);
  return ours;
}

/** Nobody knows whether a message that burns stands there: it counts as heard, so that its end is told. */
async function mayHaveHeard({ notification, receiver, now }: Sending, tx: Tx): Promise<Doorbell[]> {
  if (!breaks(notification.kind) || notification.alertId === null) return [];
  const alert = await findAlert(tx, notification.alertId, true);
  if (!alert) return [];
  const { id: receiverId, channel, address } = receiver;
  await hearOf(tx, { receiverId, channel, address }, [alert], now);
  if (alert.status !== 'resolved' || !(await oweOver(tx, receiverId, alert, now))) return [];
  return [{ job: 'notify', id: receiverId }];
}

/** A notification that died is told to its owner elsewhere, with a way to try again, and to the admins. */
async function mourn(sending: Sending, why: string): Promise<void> {
  const { world, channel, notification, receiver, now } = sending;
  world.log.error({ notification: notification.id, channel: channel.name, why }, 'a notification died');
  if (notification.kind === 'note') return;
  const text = `A message for ${receiver.label} could not be told on ${channel.title}: ${why}.`;
  const elsewhere = { not: receiver.id, again: notification.id };
  const bells = await throughCollisions(() =>
    world.database.db.transaction(async (tx) => [
      ...(await fallBack(tx, notification, receiver, now)),
      ...(await tellElsewhere(tx, [receiver.ownerId], text, now, elsewhere)),
    ]),
  );
  world.ring(bells);
}
