// Remove an action: no alert carries it any more, and what was asked for and not confirmed cannot be.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { house } from '#core/owner.ts';
import { dropAction, findAction } from '#store/actions.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** What has not begun to happen does not any more; the ledger of its acts stays. */
export function removeAction(
  world: World,
  actor: Actor,
  { action: named }: { action: string },
  now: number,
): Promise<Outcome<{ name: string }>> {
  return write(world, actor, 'remove-action', now, async (tx) => {
    const refused = await authorise(tx, actor, 'outside', house);
    if (refused) return refused;
    const action = await findAction(tx, named);
    if (!action || !(await dropAction(tx, action.id))) return refuse('not-found', 'There is no such action.');
    return { ok: true, result: { name: action.name }, target: action.id, detail: { name: action.name } };
  });
}
