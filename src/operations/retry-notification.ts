// Retry notification: one that could not be told is tried again, with its old id.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { tellAgain } from '#store/fates.ts';
import { notificationsNamed } from '#store/notifications.ts';
import { findReceiver } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Only for what died; what arrived is sent again by `redeliver`, to machines. */
export function retryNotification(
  world: World,
  actor: Actor,
  { notificationId }: { notificationId: number },
  now: number,
): Promise<Outcome<{ label: string }>> {
  return write(world, actor, 'retry-notification', now, async (tx) => {
    const [notification] = await notificationsNamed(tx, [notificationId]);
    const receiver = notification && (await findReceiver(tx, notification.receiverId));
    if (!receiver) return refuse('not-found', 'I do not know this message any more.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    const { label, channel, address, disabled } = receiver;
    if (notification.status === 'sent') return refuse('conflict', 'It has arrived meanwhile.');
    if (notification.status !== 'dead') return refuse('conflict', 'It is still being tried.');
    if (disabled !== null)
      return refuse('conflict', `${label} is switched off: ${disabled}. Switch it on first.`);
    await tellAgain(tx, [notificationId], now);
    const rings = [{ job: 'deliver' as const, id: `${channel}|${address}` }];
    return { ok: true, result: { label }, target: String(notificationId), rings };
  });
}
