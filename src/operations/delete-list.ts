// Delete a personal list: rules that ask for it find it empty.
import type { Actor } from '#core/actor.ts';
import { refuse } from '#core/outcome.ts';
import { removeList } from '#store/lists.ts';
import { holdName } from '#store/locks.ts';
import { groundRules } from '#store/rules.ts';
import { endUnasked } from './end-unasked.ts';
import { changedBy, type ListInput, type ListOutcome, namesOfUsers } from './list-edit.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Deletes it, also while rules ask for it: the result names them. */
export function deleteList(
  world: World,
  actor: Actor,
  { ownerId, name }: Omit<ListInput, 'items'>,
  now: number,
): Promise<ListOutcome> {
  return write(world, actor, 'delete-list', now, async (tx) => {
    const refused = await authorise(tx, actor, 'rule', ownerId);
    if (refused) return refused;
    await holdName(tx, `list ${ownerId} ${name}`);
    if (!(await removeList(tx, ownerId, name)))
      return refuse('not-found', `There is no list “${name.slice(0, 40)}”.`);
    const rings = await endUnasked(tx, await groundRules(tx, ownerId, now), changedBy(name, actor), now);
    const usedBy = await namesOfUsers(tx, ownerId, name);
    return { ok: true, result: { name, items: [], usedBy }, target: ownerId, detail: { list: name }, rings };
  });
}
