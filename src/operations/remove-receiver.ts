// Remove receiver: a place to be told at is forgotten, with what was typed for it.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { dropConfirmation } from '#store/confirmations.ts';
import { endUnfinished } from '#store/notifications.ts';
import { dropReceiver, findReceiver } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Chats cannot be removed by this: they come and go with the talk in them. */
export function removeReceiver(
  world: World,
  actor: Actor,
  { receiverId }: { receiverId: string },
  now: number,
): Promise<Outcome<{ label: string }>> {
  return write(world, actor, 'remove-receiver', now, async (tx) => {
    const receiver = await findReceiver(tx, receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    if (receiver.contact === null)
      return refuse('conflict', 'A chat cannot be removed; block me there, or use /quiet.');
    await endUnfinished(tx, [receiverId], 'not-at-home', 'This receiver was removed.', now);
    await dropConfirmation(tx, receiverId);
    await dropReceiver(tx, receiverId);
    const { channel, label } = receiver;
    return { ok: true, result: { label }, target: receiverId, detail: { channel } };
  });
}
