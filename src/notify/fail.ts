// What becomes of a notification whose attempt did not succeed: later, elsewhere, or never.
import type { Doorbell } from '#core/doorbell.ts';
import type { DeliveryOutcome } from '#core/notification.ts';
import type { World } from '#operations/world.ts';
import { findAlert } from '#store/alerts.ts';
import type { Tx } from '#store/connection.ts';
import { hearOf } from '#store/copies.ts';
import { type Attempt, endAttempt, type Sendable } from '#store/deliveries.ts';
import { type Fate, oweOver, settle } from '#store/notifications.ts';
import { disableReceiver, moveAddress } from '#store/receivers.ts';
import { backoff, chanceOf } from './backoff.ts';
import type { Channel } from './channel.ts';
import { breaks } from './gate.ts';
import { loseAddress, tell } from './lost-address.ts';
import { pauseFor } from './pause.ts';

/** After this long, or this many attempts of unknown outcome, a notification is given up. */
const giveUpMs = 24 * 3_600_000;
const mostUnknown = 20;

/** An attempt that was made. */
export interface Sending extends Pick<Sendable, 'notification' | 'receiver'> {
  world: World;
  channel: Channel;
  attempt: Attempt;
  /** When it ended. */
  now: number;
}

/** Writes what it came to. Nothing, when the attempt has been taken for unknown by somebody else meanwhile. */
export async function failed(sending: Sending, outcome: DeliveryOutcome): Promise<void> {
  switch (outcome.is) {
    case 'retry':
    case 'unknown':
      return again(sending, outcome);
    case 'moved':
      return moved(sending, outcome.address);
    default:
      return died(sending, outcome);
  }
}

async function again(
  sending: Sending,
  outcome: Extract<DeliveryOutcome, { is: 'retry' | 'unknown' }>,
): Promise<void> {
  const { world, channel, notification, receiver, attempt, now } = sending;
  const { why } = outcome;
  const paused = outcome.is === 'retry' && outcome.pauses !== undefined;
  const old = now - notification.createdAt > giveUpMs && !paused;
  const dead = old || (outcome.is === 'unknown' && attempt.number >= mostUnknown);
  const wait = paused ? outcome.afterMs : backoff(attempt.number, chanceOf(world.token()));
  const fate: Omit<Fate, 'id'> = dead
    ? { status: 'dead', reason: 'refused', detail: `Given up after ${attempt.number} attempts: ${why}.` }
    : { status: outcome.is, detail: why, notBefore: now + wait };
  const ours = await end(sending, outcome.is, why, fate, async (tx) => {
    if (outcome.is === 'retry') await pauseFor(tx, world, channel, receiver.address, outcome, now);
  });
  if (ours && dead) await mourn(sending, why);
}

async function moved(sending: Sending, address: string): Promise<void> {
  const { world, channel, receiver, now } = sending;
  const fate = { status: 'retry', detail: 'The chat has a new address.' } as const;
  await end(sending, 'moved', `moved to ${address}`, fate, async (tx) => {
    const ids = await moveAddress(tx, channel.name, receiver.address, address);
    // Its owner is known at the new address already: this receiver has no place left.
    if (!ids.includes(receiver.id)) await disableReceiver(tx, receiver.id, 'the chat has moved', now);
  });
  world.ring([{ job: 'deliver', id: `${channel.name}|${address}` }]);
}

async function died(
  sending: Sending,
  outcome: Extract<DeliveryOutcome, { is: 'sent' | 'refused' | 'gone' }>,
): Promise<void> {
  const { world, channel, notification, receiver, now } = sending;
  const why = outcome.is === 'sent' ? 'sent without words' : outcome.why;
  const fate = { status: 'dead', reason: 'refused', detail: why } as const;
  if (!(await end(sending, outcome.is, why, fate))) return;
  if (outcome.is !== 'refused' || !outcome.disables) return mourn(sending, why);
  const { alertId } = notification;
  const alert = alertId === null ? undefined : await findAlert(world.database.db, alertId);
  const others = alert ? [alert.ownerId] : [];
  await loseAddress(world, { channel: channel.name, address: receiver.address, why, others }, now);
}

/** False when the attempt is no longer ours. */
async function end(
  sending: Sending,
  outcome: DeliveryOutcome['is'],
  detail: string,
  fate: Omit<Fate, 'id'>,
  also: (tx: Tx) => Promise<void> = async () => {},
): Promise<boolean> {
  const { world, notification, attempt, now } = sending;
  let bells: Doorbell[] = [];
  const ours = await world.database.db.transaction(async (tx) => {
    if (!(await endAttempt(tx, attempt.id, { outcome, detail, messageId: null }, now))) return false;
    await settle(tx, [{ ...fate, id: notification.id, attempt: attempt.number }], now);
    await also(tx);
    const doubtful = outcome === 'unknown' || attempt.firstTry !== null;
    bells = fate.status === 'dead' && doubtful ? await mayHaveHeard(sending, tx) : [];
    return true;
  });
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

/** A notification that died is told to the admins, a note's own death only to the log. */
async function mourn({ world, channel, notification, receiver, now }: Sending, why: string): Promise<void> {
  world.log.error({ notification: notification.id, channel: channel.name, why }, 'a notification died');
  if (notification.kind === 'note') return;
  const text = `A message for ${receiver.label} could not be told on ${channel.title}: ${why}.`;
  world.ring(await world.database.db.transaction((tx) => tell(tx, [], text, now)));
}
