// Sends one notification: intent, words, one attempt, and what it came to.
import type { Alert } from '#core/alert.ts';
import { failpoint } from '#core/failpoint.ts';
import type { DeliveryOutcome } from '#core/notification.ts';
import { sayError } from '#core/say-error.ts';
import type { World } from '#operations/world.ts';
import type { Seen } from '#store/budgets.ts';
import type { Attempt } from '#store/deliveries.ts';
import type { Sendable } from '#store/waiting.ts';
import { aboutOf, openContact } from './about.ts';
import type { Asks, AtAddress } from './asks.ts';
import type { Channel, Delivered } from './channel.ts';
import { compose } from './compose.ts';
import type { Ground } from './facts.ts';
import { failed, type Sending } from './fail.ts';
import type { Spot } from './forum.ts';
import type { Picture } from './picture.ts';

/** `replaced`: an older message about the alert that the new one took the place of. */
export interface SendResult {
  /** `later`: it may not be spoken there now, and nothing was begun. */
  is: DeliveryOutcome['is'] | 'later';
  replaced?: { alert: Alert; messageId: string };
  /** What waits at the address still, where that was asked with what came of it. */
  next?: Promise<AtAddress | undefined>;
}

/** What is sent, and how. */
export interface Going {
  sendable: Sendable;
  ground: Ground;
  /** The topic of the chat into which it goes. */
  spot: Spot;
}

/** An attempt whose intent is on disk, and the alert as it was then. */
export type Begun = { ok: true; attempt: Attempt; picture: Promise<Picture | undefined> | undefined };

/**
 * One attempt, which has begun (`before`) where its intent came with its decision. `inTime` is asked right before the first
 * byte: whether the address is still ours.
 */
export async function sendOne(
  world: World,
  asks: Asks,
  channel: Channel,
  { sendable: { notification, receiver }, ground, spot }: Going,
  budgets: Seen[],
  inTime: () => boolean,
  clock: () => number,
  before?: Begun,
): Promise<SendResult | undefined> {
  const { address } = receiver;
  const began = clock();
  const { id: notificationId, notBefore, alertId, receiverId } = notification;
  const { zone } = ground.settings;
  const ownerId = ground.receiver?.ownerId ?? '';
  const sitting = alertId === null ? undefined : { alertId, receiverId, ownerId, zone, now: began };
  const wanted = { channel, address, budgets, notificationId, notBefore, sitting, now: began };
  const begun = before ?? (await asks.begin(wanted));
  if (!begun.ok) return { is: 'later' };
  const { attempt } = begun;
  if (!attempt) return undefined;
  failpoint('send.after_intent');
  // Worded only now: whoever saw this notification unsent relies on its saying what is true from here on.
  const { picture } = begun;
  const composed = await compose(world, notification, ground, attempt.firstTry, picture, began).catch(
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
    const how = { zone, now: began, ...inside, ...contact.given };
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
    const { replaced, next } = await asks.record({ sending, composed, sent: outcome });
    const [alert] = composed.alerts;
    return {
      is: 'sent',
      ...(replaced && alert ? { replaced: { alert, messageId: replaced } } : {}),
      ...(next ? { next } : {}),
    };
  }
  await failed(sending, outcome);
  return { is: outcome.is };
}
