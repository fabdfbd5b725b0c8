// A source that need not sign any longer.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { changeSource, lockSource } from '#store/sources.ts';
import { mayKeepSources } from './create-source.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Takes the secret away: the key alone is enough again. A second time changes nothing. */
export async function removeSourceSecret(
  world: World,
  actor: Actor,
  { source: name }: { source: string },
  now: number,
): Promise<Outcome> {
  return write(world, actor, 'remove-source-secret', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can remove secrets.');
    const source = await lockSource(tx, name);
    if (!source) return refuse('not-found', `There is no source called ${name.slice(0, 100)}.`);
    if (source.secret === null) return { ok: true, result: {}, target: source.id, unchanged: true };
    await changeSource(tx, source.id, { secret: null, oldSecret: null, oldSecretUntil: null });
    return { ok: true, result: {}, target: source.id };
  });
}
