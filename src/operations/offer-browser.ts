// Offer browser: a link, good once and for a quarter of an hour, that makes the browser it is opened in a receiver.
import type { Actor } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import { authorise } from './may.ts';
import { linkKey, signLink } from './signed-link.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const linkLasts = 15 * 60_000;

/** `path` is below the public address. */
export async function offerBrowser(
  world: World,
  actor: Actor,
  { ownerId }: { ownerId: string },
  now: number,
): Promise<Outcome<{ path: string; expiresAt: number }>> {
  const key = await linkKey(world);
  return write(world, actor, 'offer-browser', now, async (tx) => {
    const refused = await authorise(tx, actor, 'settings', ownerId);
    if (refused) return refused;
    const expiresAt = now + linkLasts;
    const token = signLink(key, { to: 'browser', who: ownerId, what: world.token(), expiresAt });
    return { ok: true, result: { path: `/app/notifications/${token}`, expiresAt }, target: ownerId };
  });
}
