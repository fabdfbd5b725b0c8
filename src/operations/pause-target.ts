// A target is left alone for a while, or asked again.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findTarget, setPaused } from '#store/targets.ts';
import { mayKeepSources } from './create-source.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Stops or resumes asking; a resumed target is asked at once. A second time changes nothing. */
export function pauseTarget(
  world: World,
  actor: Actor,
  { target: named, paused }: { target: string; paused: boolean },
  now: number,
): Promise<Outcome<{ id: string; name: string; paused: boolean }>> {
  return write(world, actor, 'pause-target', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can pause targets.');
    const target = await findTarget(tx, named);
    if (!target) return refuse('not-found', 'There is no such target.');
    const { id, name } = target;
    const result = { id, name, paused };
    if (target.paused === paused) return { ok: true, result, target: id, unchanged: true };
    await setPaused(tx, id, paused, paused ? target.nextAt : now);
    return { ok: true, result, target: id, detail: { paused }, rings: [{ job: 'scrape', id: 'all' }] };
  });
}
