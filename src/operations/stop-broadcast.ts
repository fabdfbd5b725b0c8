// Stop a broadcast: nobody else is told, and what is still held or waiting is told no more.
import { type Actor, actorName } from '#core/actor.ts';
import { decidedBy } from '#core/broadcast.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { endTellings, findBroadcast, moveBroadcast } from '#store/broadcasts.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** `unsent`: how many messages were on their way and are no more. What was told stays told. */
export function stopBroadcast(
  world: World,
  actor: Actor,
  { broadcastId }: { broadcastId: string },
  now: number,
): Promise<Outcome<{ changed: boolean; unsent: number }>> {
  return write<{ changed: boolean; unsent: number }>(world, actor, 'stop-broadcast', now, async (tx) => {
    const found = await findBroadcast(tx, broadcastId, true);
    if (!found) return refuse('not-found', 'There is no such broadcast.');
    const { status } = found;
    const refused = await authorise(tx, actor, 'broadcast', decidedBy(found.audience));
    if (refused) return refused;
    // Told to all, some of it may still be held.
    const unsent = await endTellings(tx, broadcastId, `${actorName(actor)} stopped this broadcast.`, now);
    if (status === 'running') await moveBroadcast(tx, broadcastId, { ...found, status: 'stopped' }, now);
    const changed = status === 'running' || unsent > 0;
    const result = { changed, unsent };
    if (!changed) return { ok: true, result, target: broadcastId, unchanged: true };
    return { ok: true, result, target: broadcastId, detail: { unsent } };
  });
}
