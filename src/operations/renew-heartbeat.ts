// Another address for a heartbeat whose old one was lost, or seen by somebody.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findHeartbeat, setHeartbeatHash } from '#store/heartbeats.ts';
import { keyHash } from '#store/key-text.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** The old token is nobody's from now on; the new one is shown once. */
export function renewHeartbeat(
  world: World,
  actor: Actor,
  { heartbeat: named }: { heartbeat: string },
  now: number,
): Promise<Outcome<{ id: string; name: string; token: string }>> {
  return write(world, actor, 'renew-heartbeat', now, async (tx) => {
    const heartbeat = await findHeartbeat(tx, named);
    if (!heartbeat) return refuse('not-found', 'There is no such heartbeat.');
    const refused = await authorise(tx, actor, 'rule', heartbeat.ownerId);
    if (refused) return refused;
    const { id, name } = heartbeat;
    const token = world.token();
    await setHeartbeatHash(tx, id, keyHash(token));
    return { ok: true, result: { id, name, token }, target: id };
  });
}
