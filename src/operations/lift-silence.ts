// Lift a silence: what it covers is told again.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { judgeAgain } from '#store/fates.ts';
import { receiversOf } from '#store/receivers.ts';
import { liftSilence as endSilence, findSilence } from '#store/silences.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Ends a silence now; a conflict when it is over. */
export function liftSilence(
  world: World,
  actor: Actor,
  input: { silenceId: string },
  now: number,
): Promise<Outcome> {
  return write(world, actor, 'lift-silence', now, async (tx) => {
    const silence = await findSilence(tx, input.silenceId, true);
    if (!silence) return refuse('not-found', 'I do not know this silence any more.');
    const refused = await authorise(tx, actor, 'rule', silence.ownerId);
    if (refused) return refused;
    if (!(await endSilence(tx, silence.id, now))) return refuse('conflict', 'This silence is over already.');
    const told = await receiversOf(tx, [silence.ownerId]);
    const rings = await judgeAgain(
      tx,
      told.map(({ id }) => id),
      now,
    );
    return { ok: true, result: {}, target: silence.id, detail: { ownerId: silence.ownerId }, rings };
  });
}
