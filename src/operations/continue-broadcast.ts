// Continue a broadcast: the first part has been told and looks good, so the others are told now.
import type { Actor } from '#core/actor.ts';
import { decidedBy, waitsForWord } from '#core/broadcast.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findBroadcast, hurryBroadcast } from '#store/broadcasts.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Also where the rest would have been told later by itself. */
export function continueBroadcast(
  world: World,
  actor: Actor,
  { broadcastId }: { broadcastId: string },
  now: number,
): Promise<Outcome<{ changed: boolean }>> {
  return write<{ changed: boolean }>(world, actor, 'continue-broadcast', now, async (tx) => {
    const found = await findBroadcast(tx, broadcastId, true);
    if (!found) return refuse('not-found', 'There is no such broadcast.');
    const { status, next, nextAt } = found;
    const refused = await authorise(tx, actor, 'broadcast', decidedBy(found.audience));
    if (refused) return refused;
    if (status !== 'running') return refuse('conflict', 'It has ended.');
    if (next === 'first') return refuse('conflict', 'The first part is not told yet.');
    // The second press finds it done.
    if (next !== 'rest' || (!waitsForWord(found) && nextAt <= now))
      return { ok: true, result: { changed: false }, target: broadcastId, unchanged: true };
    await hurryBroadcast(tx, broadcastId, now);
    const rings = [{ job: 'timetable' as const, id: 'all' }];
    return { ok: true, result: { changed: true }, target: broadcastId, rings };
  });
}
