// A key that is good no longer, from now on.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { endKey, lockKey } from '#store/sources.ts';
import { mayKeepSources } from './create-source.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Revokes a key; every process refuses it within a second. A second time changes nothing. */
export async function revokeKey(
  world: World,
  actor: Actor,
  { keyId }: { keyId: string },
  now: number,
): Promise<Outcome<{ revokedAt: number }>> {
  return write(world, actor, 'revoke-key', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can revoke keys.');
    const key = await lockKey(tx, keyId);
    if (!key) return refuse('not-found', 'I do not know this key.');
    if (key.revokedAt !== null)
      return { ok: true, result: { revokedAt: key.revokedAt }, target: key.id, unchanged: true };
    await endKey(tx, key.id, now);
    return { ok: true, result: { revokedAt: now }, target: key.id };
  });
}
