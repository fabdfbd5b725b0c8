// What was critical and died at one receiver goes to the owner's next one.
import type { Doorbell } from '#core/doorbell.ts';
import type { Notification } from '#core/notification.ts';
import type { Tx } from '#store/connection.ts';
import { addElsewhere } from '#store/notifications.ts';
import { type Receiver, receiversOf } from '#store/receivers.ts';
import { breaks } from './gate.ts';
import { readable } from './lost-address.ts';

/** Nothing when it was not critical, when a machine was told, or when the owner has no other place that works. */
export async function fallBack(
  tx: Tx,
  notification: Notification,
  receiver: Receiver,
  now: number,
): Promise<Doorbell[]> {
  const { severity, kind, alertId } = notification;
  if (severity !== 'critical' || alertId === null || receiver.everyChange || !breaks(kind)) return [];
  const others = readable(await receiversOf(tx, [receiver.ownerId])).filter(({ id }) => id !== receiver.id);
  for (const { id } of others)
    if (await addElsewhere(tx, notification, id, now)) return [{ job: 'notify', id }];
  return [];
}
