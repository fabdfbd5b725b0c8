// Give a ticket: a browser, which can set no header, may follow the stream once on behalf of a key.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { keyHash } from '#store/key-text.ts';
import { addPass } from '#store/passes.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const lasts = 30_000;

/** `ticket` is good once and for half a minute, and kept nowhere. */
export function giveTicket(
  world: World,
  actor: Actor,
  { keyId }: { keyId: string },
  now: number,
): Promise<Outcome<{ ticket: string; expiresAt: number }>> {
  const ticket = world.token() + world.token();
  return write(world, actor, 'give-ticket', now, async (tx) => {
    const reads = actor.is === 'key' && actor.scopes.some((scope) => scope === 'read' || scope === 'admin');
    if (!reads) return refuse('forbidden', 'Following needs a key with the scope “read”.');
    const expiresAt = now + lasts;
    const pass = { hash: keyHash(ticket), lets: 'stream', keyId, personId: null, label: null } as const;
    await addPass(tx, { ...pass, createdAt: now, expiresAt }, now);
    return { ok: true, result: { ticket, expiresAt }, target: keyId, detail: { expiresAt } };
  });
}
