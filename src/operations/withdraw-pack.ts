// Withdraw a pack: it is offered no longer; what was taken from it stays as it is.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findPack, withdrawPack as takeBack } from '#store/packs.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Whoever shared a rule may; of everybody's packs, the admins. */
export function withdrawPack(
  world: World,
  actor: Actor,
  input: { packId: string },
  now: number,
): Promise<Outcome> {
  return write(world, actor, 'withdraw-pack', now, async (tx) => {
    const pack = await findPack(tx, input.packId);
    if (!pack) return refuse('not-found', 'This pack is offered no longer.');
    const refused =
      pack.ownerId === null
        ? await authorise(tx, actor, 'packs', 'p_tocsin')
        : await authorise(tx, actor, 'rule', pack.ownerId);
    if (refused) return refused;
    await takeBack(tx, pack.id, now);
    return { ok: true, result: {}, target: pack.id };
  });
}
