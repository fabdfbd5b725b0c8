// Sends one notification: intent, words, one attempt, and what it came to.

import type { Alert } from '#core/alert.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { DeliveryOutcome } from '#core/notification.ts';
import { sayError } from '#core/say-error.ts';
import type { World } from '#operations/world.ts';
import { findAlert } from '#store/alerts.ts';
import { boardOf, boardShown } from '#store/boards.ts';
import type { Tx } from '#store/connection.ts';
import { copiesOf, keepCopy, markOver } from '#store/copies.ts';
import { beginAttempt, endAttempt, type Sendable } from '#store/deliveries.ts';
import { alertsNamed, oweOver, setSeverity, settle } from '#store/notifications.ts';
import { noteSuccess } from '#store/receivers.ts';
import { aboutOf, openContact } from './about.ts';
import type { Channel, Delivered } from './channel.ts';
import { type Composed, compose } from './compose.ts';
import type { Ground } from './facts.ts';
import { failed, type Sending } from './fail.ts';
import type { Spot } from './forum.ts';

/** `replaced`: an older message about the alert that the new one took the place of. */
export interface SendResult {
  is: DeliveryOutcome['is'];
  replaced?: { alert: Alert; messageId: string };
}

/** One attempt. `inTime` is asked right before the first byte: whether the address is still ours. */
export async function sendOne(
  world: World,
  channel: Channel,
  { notification, receiver }: Sendable,
  ground: Ground,
  /** The topic of the chat into which it goes. */
  spot: Spot,
  inTime: () => boolean,
  clock: () => number,
): Promise<SendResult | undefined> {
  const { db } = world.database;
  const { address } = receiver;
  const began = clock();
  const attempt = await beginAttempt(db, notification.id, channel.name, address, began);
  if (!attempt) return undefined;
  failpoint('send.after_intent');
  // Worded only now: whoever saw this notification unsent relies on its saying what is true from here on.
  const composed = await compose(world, notification, ground, attempt.firstTry, began).catch(
    (error: unknown) => {
      world.log.error(
        { notification: notification.id, error: sayError(error) },
        'a message could not be worded',
      );
      return 'failed' as const;
    },
  );
  const contact = openContact(world, channel, receiver);
  let outcome: Delivered;
  if (composed === undefined)
    outcome = { is: 'refused', why: 'what it was about no longer exists', disables: false };
  else if (composed === 'failed') outcome = { is: 'retry', afterMs: 0, why: 'it could not be worded' };
  else if (!contact.ok) outcome = { is: 'refused', why: contact.why, disables: false };
  else {
    const inside = spot.is === 'thread' ? { thread: spot.thread } : {};
    const how = { zone: ground.settings.zone, now: began, ...inside, ...contact.given };
    const about = await aboutOf(world, channel, notification, composed, attempt);
    // From here on the change is what was told, whatever became of the alert since.
    if (about.transition && about.alert)
      composed.alerts = [{ ...about.alert, status: about.transition.to, severity: about.severity }];
    failpoint('send.before_bytes');
    outcome = inTime()
      ? await channel.deliver(composed.message, address, { ...how, about, inTime })
      : { is: 'retry', afterMs: 0, why: 'it took too long to get here' };
    failpoint('send.after_answer');
  }
  world.meter.count('deliveries', { channel: channel.name, outcome: outcome.is });
  const sending: Sending = { world, channel, notification, receiver, spot, attempt, now: clock() };
  if (outcome.is === 'sent' && typeof composed === 'object') {
    const replaced = await sent(sending, composed, outcome);
    const [alert] = composed.alerts;
    return { is: 'sent', ...(replaced && alert ? { replaced: { alert, messageId: replaced } } : {}) };
  }
  await failed(sending, outcome);
  return { is: outcome.is };
}

/** Returns the message that this one took the place of. */
async function sent(
  sending: Sending,
  { alerts, note }: Composed,
  { messageId, exchange }: Extract<Delivered, { is: 'sent' }>,
): Promise<string | null> {
  let replaced: string | null = null;
  const { world, notification, receiver, attempt, now } = sending;
  const { id, kind, receiverId } = notification;
  const bells = await world.database.db.transaction(async (tx) => {
    if (
      !(await endAttempt(
        tx,
        attempt.id,
        { outcome: 'sent', detail: note ?? null, messageId, exchange: exchange ?? null },
        now,
      ))
    )
      return [];
    await settle(tx, [{ id, status: 'sent' }], now);
    if (receiver.failures > 0) await noteSuccess(tx, receiverId);
    if (kind === 'board') await putUp(tx, notification.viaId ?? id, messageId, now);
    if (kind === 'summary' || !alerts[0]) return [];
    const [shown] = alerts;
    if (shown.severity !== notification.severity) await setSeverity(tx, id, shown.severity);
    // Under the alert's lock: a change is either in what we read here, or will find our copy.
    const current = (await findAlert(tx, shown.id, true)) ?? shown;
    if (kind !== 'over') {
      const { channel, address } = receiver;
      if (kind !== 'firing') replaced = (await copiesOf(tx, receiverId, [shown.id]))[0]?.messageId ?? null;
      const copy = { alertId: shown.id, receiverId, channel, address, messageId };
      await keepCopy(tx, { ...copy, shownRev: shown.rev, wantedRev: current.rev }, now);
    }
    failpoint('send.before_result');
    return ended(tx, receiverId, shown, current, now);
  });
  failpoint('send.after_result');
  if (kind === 'summary') bells.push(...(await endedMany(world, receiverId, alerts, now)));
  world.ring(bells);
  return replaced === messageId ? null : replaced;
}

/** The board stands there; what came since its words were chosen is edited in. */
async function putUp(tx: Tx, notificationId: number, messageId: string | null, now: number): Promise<void> {
  const board = await boardOf(tx, notificationId);
  if (board) await boardShown(tx, board.id, { messageId, wanted: 0, editAfter: now + 1000 });
}

/** The same for all that a summary told: they count as heard since it was decided, so that later ends find their way alone. */
async function endedMany(world: World, receiverId: string, shown: Alert[], now: number): Promise<Doorbell[]> {
  const { db } = world.database;
  const over = shown.filter(({ status }) => status === 'resolved').map(({ id }) => id);
  await markOver(db, receiverId, over, now);
  const burning = new Map(shown.filter(({ status }) => status !== 'resolved').map((one) => [one.id, one]));
  const bells: Doorbell[] = [];
  for (const current of await alertsNamed(db, [...burning.keys()])) {
    if (current.status !== 'resolved') continue;
    // One by one: several alerts locked at once in another order than the evaluator's would be a deadlock.
    bells.push(
      ...(await db.transaction(async (tx) =>
        ended(
          tx,
          receiverId,
          burning.get(current.id)!,
          (await findAlert(tx, current.id, true)) ?? current,
          now,
        ),
      )),
    );
  }
  return bells;
}

/** What was worded as over needs no “over” any more; what ended in between needs one still. */
async function ended(
  tx: Tx,
  receiverId: string,
  shown: Alert,
  current: Alert,
  now: number,
): Promise<Doorbell[]> {
  if (shown.status === 'resolved') {
    await markOver(tx, receiverId, [shown.id], now);
    return [];
  }
  if (current.status !== 'resolved') return [];
  return (await oweOver(tx, receiverId, current, now)) ? [{ job: 'notify', id: receiverId }] : [];
}
