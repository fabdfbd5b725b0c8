// Redeliver: what a machine was told is told to it again with the same ids, one message or a range of time.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findDelivery } from '#store/delivery-log.ts';
import { tellAgain } from '#store/fates.ts';
import { notificationsNamed, toldBetween } from '#store/notifications.ts';
import { findReceiver } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export type RedeliverInput = { deliveryId: number } | { receiverId: string; from: number; to: number };

const most = 10_000;

/** How many will be sent. Those still on their way stay as they are. */
export function redeliver(
  world: World,
  actor: Actor,
  input: RedeliverInput,
  now: number,
): Promise<Outcome<{ count: number }>> {
  return write(world, actor, 'redeliver', now, async (tx) => {
    const delivery = 'deliveryId' in input ? await findDelivery(tx, input.deliveryId) : undefined;
    const [one] = delivery ? await notificationsNamed(tx, [delivery.notificationId]) : [];
    const receiver = await findReceiver(
      tx,
      'receiverId' in input ? input.receiverId : (one?.receiverId ?? ''),
    );
    if (!receiver)
      return refuse(
        'not-found',
        'deliveryId' in input ? 'I do not know this delivery.' : 'I do not know this receiver.',
      );
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    const { channel, address, everyChange, disabled, id } = receiver;
    if (!everyChange)
      return refuse('conflict', 'Only machines are told the same again; people would be told twice.');
    if (disabled !== null) return refuse('conflict', `It is switched off: ${disabled}. Switch it on first.`);
    if ('from' in input && !(input.from < input.to))
      return refuse('invalid', 'The range ends before it begins.');
    const wanted = 'from' in input ? await toldBetween(tx, id, input.from, input.to, most + 1) : [one!.id];
    if (wanted.length > most)
      return refuse('invalid', `These are more than ${most} messages; take a shorter range.`);
    const count = await tellAgain(tx, wanted, now);
    const rings = [{ job: 'deliver' as const, id: `${channel}|${address}` }];
    const detail =
      'from' in input ? { from: input.from, to: input.to, count } : { delivery: input.deliveryId, count };
    return { ok: true, result: { count }, target: id, detail, rings };
  });
}
