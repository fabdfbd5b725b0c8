// Set a personal list: what is in it from now on.
import type { Actor } from '#core/actor.ts';
import { editList, type ListInput, type ListOutcome } from './list-edit.ts';
import type { World } from './world.ts';

/** Makes the list, or gives it other entries. */
export function setList(world: World, actor: Actor, input: ListInput, now: number): Promise<ListOutcome> {
  return editList(world, actor, 'set-list', input, (_before, given) => given, now);
}
