// Disable receiver: somebody does not want to be told there any more, for now.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { endUnfinished } from '#store/fates.ts';
import { findReceiver, offByHand, disableReceiver as switchOff } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** What waits for it is not told. `enable-receiver` switches it on again. */
export function disableReceiver(
  world: World,
  actor: Actor,
  { receiverId, why = offByHand }: { receiverId: string; why?: string },
  now: number,
): Promise<Outcome<{ label: string }>> {
  return write(world, actor, 'disable-receiver', now, async (tx) => {
    const receiver = await findReceiver(tx, receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    const { label, disabled } = receiver;
    if (disabled !== null) return { ok: true, result: { label }, target: receiverId, unchanged: true };
    await switchOff(tx, receiverId, why, now);
    await endUnfinished(tx, [receiverId], 'not-at-home', `This receiver is off: ${why}.`, now);
    return { ok: true, result: { label }, target: receiverId };
  });
}
