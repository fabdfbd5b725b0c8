// Retry topics: what was in the way of a chat's forum topics is taken for gone, and the next alert finds out.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { tryTopicsAgain } from '#store/forum-topics.ts';
import { findReceiver } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** `retried`: how many topics, the chat as a whole among them, had a trouble. */
export function retryTopics(
  world: World,
  actor: Actor,
  { receiverId }: { receiverId: string },
  now: number,
): Promise<Outcome<{ retried: number }>> {
  return write(world, actor, 'retry-topics', now, async (tx) => {
    const receiver = await findReceiver(tx, receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    const { channel, address } = receiver;
    const retried = await tryTopicsAgain(tx, { channel, address });
    const done = { ok: true as const, result: { retried }, target: receiverId };
    return retried === 0 ? { ...done, unchanged: true } : { ...done, detail: { retried } };
  });
}
