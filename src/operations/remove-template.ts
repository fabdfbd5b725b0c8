// Remove template: what is under a topic pattern is worded as usual again.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { house } from '#core/owner.ts';
import { dropTemplate } from '#store/templates.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Takes it away; `not-found` where there is none. */
export function removeTemplate(
  world: World,
  actor: Actor,
  input: { topic: string },
  now: number,
): Promise<Outcome<{ topic: string }>> {
  return write(world, actor, 'remove-template', now, async (tx) => {
    const { topic } = input;
    const refused = await authorise(tx, actor, 'words', house);
    if (refused) return refused;
    if (!(await dropTemplate(tx, topic)))
      return refuse('not-found', 'There are no words for this topic. It has to be the same pattern.');
    return { ok: true, result: { topic }, target: topic };
  });
}
