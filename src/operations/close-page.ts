// Close a page: the browser that shows somebody's alerts shows them no longer.
import type { Outcome } from '#core/outcome.ts';
import { keyHash } from '#store/key-text.ts';
import { dropPass, findPageOf } from '#store/passes.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Whoever holds the token is its person. One that is closed or forgotten already is as it should be. */
export async function closePage(
  world: World,
  { token }: { token: string },
  now: number,
): Promise<Outcome<{ closed: boolean }>> {
  const hash = keyHash(token);
  const found = await findPageOf(world.database.db, hash, now);
  if (!found) return { ok: true, closed: false };
  const { id: personId, name, role } = found.person;
  return write(world, { is: 'person', personId, name, role }, 'close-page', now, async (tx) => {
    await dropPass(tx, hash);
    return { ok: true, result: { closed: true }, target: personId, detail: { label: found.pass.label } };
  });
}
