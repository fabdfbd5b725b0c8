// Broadcasts that were made, how far each has come, and the receipts of one.
import type { Actor } from '#core/actor.ts';
import { decidedBy, type Fate } from '#core/broadcast.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { house } from '#core/owner.ts';
import { fatesOf, type ReadReceipt, receiptsRead } from '#store/broadcast-receipts.ts';
import { type Broadcast, broadcastsMade, findBroadcast } from '#store/broadcasts.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';

export type Made = Broadcast & { counts: Partial<Record<Fate, number>> };

/** The newest first; those to one group, or all for who may see them. */
export async function listBroadcasts(
  world: World,
  actor: Actor,
  asked: { groupId?: string; before?: number; limit?: number },
): Promise<Outcome<{ broadcasts: Made[] }>> {
  const { db } = world.database;
  const refused = await authorise(db, actor, 'broadcast', asked.groupId ?? house);
  if (refused) return refused;
  const found = await broadcastsMade(db, asked);
  const counts = await fatesOf(
    db,
    found.map(({ id }) => id),
  );
  return { ok: true, broadcasts: found.map((one) => ({ ...one, counts: counts.get(one.id) ?? {} })) };
}

/** One of them with a page of its receipts. */
export async function readBroadcast(
  world: World,
  actor: Actor,
  { broadcastId, ...page }: { broadcastId: string; after?: string; limit?: number },
): Promise<Outcome<{ broadcast: Made; receipts: ReadReceipt[] }>> {
  const { db } = world.database;
  const found = await findBroadcast(db, broadcastId);
  const ownerId = found ? decidedBy(found.audience) : house;
  const refused = await authorise(db, actor, 'broadcast', ownerId);
  if (refused) return refused;
  if (!found) return refuse('not-found', 'There is no such broadcast.');
  const counts = (await fatesOf(db, [found.id])).get(found.id) ?? {};
  return {
    ok: true,
    broadcast: { ...found, counts },
    receipts: await receiptsRead(db, found.id, page),
  };
}
