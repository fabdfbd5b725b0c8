// Test receiver: something is told there now, whatever the gates say, to see whether it arrives.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { addTest } from '#store/notes.ts';
import { lastTest } from '#store/notifications.ts';
import { findReceiver } from '#store/receivers.ts';
import { authorise } from './may.ts';
import { unconfirmed } from './send-code.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** At most one in ten seconds; `notificationId` is where to look what became of it. */
export function testReceiver(
  world: World,
  actor: Actor,
  { receiverId }: { receiverId: string },
  now: number,
): Promise<Outcome<{ notificationId: number }>> {
  return write(world, actor, 'test-receiver', now, async (tx) => {
    const receiver = await findReceiver(tx, receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    if (receiver.disabled === unconfirmed) return refuse('conflict', 'Its address is not confirmed yet.');
    const last = await lastTest(tx, receiverId);
    if (last && now - last.createdAt < 10_000) return refuse('conflict', 'A test was sent a moment ago.');
    const rings = await addTest(tx, receiverId, now);
    const made = await lastTest(tx, receiverId);
    return { ok: true, result: { notificationId: made!.id }, target: receiverId, rings };
  });
}
