// What is critical and cannot be told at one receiver goes to the owner's next one.
import type { Doorbell } from '#core/doorbell.ts';
import type { Notification } from '#core/notification.ts';
import { readable } from '#operations/tell-elsewhere.ts';
import type { Tx } from '#store/connection.ts';
import { addElsewhere, reaches } from '#store/elsewhere.ts';
import { type Receiver, receiversOf } from '#store/receivers.ts';
import { breaks } from './gate.ts';

/** Nothing when it is not critical, when a machine was told, or when the owner hears of it elsewhere anyway or nowhere. */
export async function fallBack(
  tx: Tx,
  notification: Pick<Notification, 'kind' | 'alertId' | 'alertRev' | 'severity'>,
  receiver: Receiver,
  now: number,
): Promise<Doorbell[]> {
  const { severity, kind, alertId } = notification;
  if (severity !== 'critical' || alertId === null || receiver.everyChange || !breaks(kind)) return [];
  const others = readable(await receiversOf(tx, [receiver.ownerId])).filter(({ id }) => id !== receiver.id);
  for (const { id } of others) if (await reaches(tx, notification, id)) return [];
  for (const { id } of others)
    if (await addElsewhere(tx, notification, id, now)) return [{ job: 'notify', id }];
  return [];
}
