// The heartbeats that somebody may change, and how each one is.
import type { Actor } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import { type Heartbeat, listHeartbeats as readHeartbeats } from '#store/heartbeats.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';

export type ListedHeartbeat = Omit<Heartbeat, 'hash'>;

/** By name. With `ownerId` only those; otherwise every one that the actor may change. Tokens are never shown. */
export async function listHeartbeats(
  world: World,
  actor: Actor,
  { ownerId }: { ownerId?: string } = {},
): Promise<Outcome<{ heartbeats: ListedHeartbeat[] }>> {
  const { db } = world.database;
  const found = await readHeartbeats(db, ownerId === undefined ? undefined : [ownerId]);
  const owners = [...new Set(found.map((one) => one.ownerId))];
  const refused = new Set<string>();
  for (const owner of owners) if (await authorise(db, actor, 'rule', owner)) refused.add(owner);
  const shown = found.filter((one) => !refused.has(one.ownerId));
  return { ok: true, heartbeats: shown.map(({ hash: _, ...rest }) => rest) };
}
