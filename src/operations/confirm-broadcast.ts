// Confirm a broadcast: somebody has seen it, and it is not repeated to them.
import { type Actor, actorName } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { lockReceipt, markSeen } from '#store/broadcast-receipts.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const mostNames = 200;

/** In a group each member may say so; the first counts for the group. `seenBy`: everybody who has. */
export function confirmBroadcast(
  world: World,
  actor: Actor,
  { broadcastId, ownerId }: { broadcastId: string; ownerId: string },
  now: number,
): Promise<Outcome<{ changed: boolean; seenBy: string[] }>> {
  return write<{ changed: boolean; seenBy: string[] }>(world, actor, 'confirm-broadcast', now, async (tx) => {
    const refused = await authorise(tx, actor, 'act', ownerId);
    if (refused) return refused;
    const receipt = await lockReceipt(tx, broadcastId, ownerId);
    if (!receipt) return refuse('not-found', 'This broadcast is forgotten by now.');
    const name = actorName(actor);
    const { seenBy: before } = receipt;
    if (before.includes(name) || before.length >= mostNames)
      return { ok: true, result: { changed: false, seenBy: before }, target: broadcastId, unchanged: true };
    const seenBy = [...before, name];
    await markSeen(tx, { broadcastId, ownerId, seenAt: receipt.seenAt ?? now, seenBy });
    return { ok: true, result: { changed: true, seenBy }, target: broadcastId, detail: { ownerId } };
  });
}
