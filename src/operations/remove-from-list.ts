// Remove entries from a personal list; the empty list stays.
import type { Actor } from '#core/actor.ts';
import { nearest } from '#core/nearest.ts';
import { refuse } from '#core/outcome.ts';
import { editList, type ListInput, type ListOutcome } from './list-edit.ts';
import type { World } from './world.ts';

/** Removes entries; refused when one of them is not there. */
export function removeFromList(
  world: World,
  actor: Actor,
  input: ListInput,
  now: number,
): Promise<ListOutcome> {
  const remove = (before: string[] | undefined, given: string[]) => {
    if (!before) return refuse('not-found', `There is no list “${input.name.slice(0, 40)}”.`);
    const strange = given.find((item) => !before.includes(item));
    if (strange === undefined) return before.filter((item) => !given.includes(item));
    const meant = nearest(strange, before);
    const hint = meant ? ` Did you mean “${meant}”?` : '';
    return refuse('not-found', `“${strange.slice(0, 60)}” is not in ${input.name}.${hint}`);
  };
  return editList(world, actor, 'remove-from-list', input, remove, now);
}
