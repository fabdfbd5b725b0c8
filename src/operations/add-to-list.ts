// Add to a personal list; the first entry makes it.
import type { Actor } from '#core/actor.ts';
import { refuse } from '#core/outcome.ts';
import { editList, type ListInput, type ListOutcome } from './list-edit.ts';
import type { World } from './world.ts';

/** Adds entries at the end; those that are there already stay where they are. */
export function addToList(world: World, actor: Actor, input: ListInput, now: number): Promise<ListOutcome> {
  const add = (before: string[] = [], given: string[]) =>
    given.length === 0
      ? refuse('invalid', 'Say what to add to the list.')
      : [...new Set([...before, ...given])];
  return editList(world, actor, 'add-to-list', input, add, now);
}
