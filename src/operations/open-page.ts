// Open a page: a browser may show its person's alerts for a month, longer while it is used.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { keyHash } from '#store/key-text.ts';
import { addPass, passesOf } from '#store/passes.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export const pageLasts = 30 * 86_400_000;
const most = 20;

/** `token` is for the browser alone and kept nowhere; `label` says which browser it is. */
export async function openPage(
  world: World,
  actor: Actor,
  { personId, label }: { personId: string; label: string },
  now: number,
): Promise<Outcome<{ token: string; expiresAt: number }>> {
  const token = world.token() + world.token();
  return write(world, actor, 'open-page', now, async (tx) => {
    // On it one acts in one's own name.
    if (actor.is !== 'person' || actor.personId !== personId)
      return refuse('forbidden', 'Everybody opens their own page only.');
    const refused = await authorise(tx, actor, 'settings', personId);
    if (refused) return refused;
    if ((await passesOf(tx, personId, now)).length >= most)
      return refuse('conflict', `The live page is open in ${most} browsers already; close it in one first.`);
    const expiresAt = now + pageLasts;
    const pass = { hash: keyHash(token), lets: 'page', keyId: null, personId, label } as const;
    await addPass(tx, { ...pass, createdAt: now, expiresAt }, now);
    return { ok: true, result: { token, expiresAt }, target: personId, detail: { label } };
  });
}
