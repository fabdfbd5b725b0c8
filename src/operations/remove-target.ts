// A target that is asked no more.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findTarget, removeTargets } from '#store/targets.ts';
import { mayKeepSources } from './create-source.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Takes a target out, by its id or name. What it told stays; rules about it stay and hear nothing more. */
export function removeTarget(
  world: World,
  actor: Actor,
  { target: named }: { target: string },
  now: number,
): Promise<Outcome<{ id: string; name: string }>> {
  return write(world, actor, 'remove-target', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can remove targets.');
    const target = await findTarget(tx, named);
    if (!target) return refuse('not-found', 'There is no such target.');
    await removeTargets(tx, [target.id]);
    const { id, name, module } = target;
    return { ok: true, result: { id, name }, target: id, detail: { name, module } };
  });
}
