// A key's successor: both are good for some hours, then only the new one.
import { type Actor, actorRef } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { keyHash, keyText } from '#store/key-text.ts';
import { addKey, expireKey, lockKey } from '#store/sources.ts';
import { mayKeepSources } from './create-source.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const hour = 3_600_000;

export interface RotateInput {
  keyId: string;
  /** How long the old key is still good: 0 to 720 hours; default 24. */
  overlapHours?: number;
}

/** Makes a key with the same rights and lets the old one end after the overlap. */
export async function rotateKey(
  world: World,
  actor: Actor,
  { keyId, overlapHours = 24 }: RotateInput,
  now: number,
): Promise<Outcome<{ id: string; key: string; oldExpiresAt: number }>> {
  if (!(overlapHours >= 0 && overlapHours <= 720))
    return refuse('invalid', 'The old key can stay good for 0 to 720 hours.');
  return write(world, actor, 'rotate-key', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can change keys.');
    const old = await lockKey(tx, keyId);
    if (!old) return refuse('not-found', 'I do not know this key.');
    if (old.revokedAt !== null || (old.expiresAt !== null && old.expiresAt <= now))
      return refuse('conflict', 'This key is no longer good; make a new one.');
    const id = world.id('k');
    const text = keyText(id, world.token() + world.token());
    const oldExpiresAt = Math.min(old.expiresAt ?? Number.POSITIVE_INFINITY, now + overlapHours * hour);
    const { sourceId, scopes, topics } = old;
    await addKey(tx, {
      id,
      sourceId,
      hash: keyHash(text),
      scopes,
      topics,
      createdAt: now,
      createdBy: actorRef(actor),
      // A key that was to end is followed by one with as long a life.
      expiresAt: old.expiresAt === null ? null : now + (old.expiresAt - old.createdAt),
    });
    await expireKey(tx, old.id, oldExpiresAt);
    const detail = { successor: id, oldExpiresAt };
    return { ok: true, result: { id, key: text, oldExpiresAt }, target: old.id, detail };
  });
}
