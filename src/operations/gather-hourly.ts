// Gather hourly: what a rule tells, and everything else told there, comes together once an hour.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { judgeAgain } from '#store/fates.ts';
import { findReceiver, saveStyle } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** On or off; the rest of the receiver's style stays. What is urgent still comes at once. */
export function gatherHourly(
  world: World,
  actor: Actor,
  input: { receiverId: string; on: boolean },
  now: number,
): Promise<Outcome<{ label: string }>> {
  return write(world, actor, 'gather-hourly', now, async (tx) => {
    const receiver = await findReceiver(tx, input.receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    const { gather: _was, ...rest } = receiver.style;
    const hourly = { ...rest, gather: [{ when: 'otherwise' as const, waitMs: 3_600_000 }] };
    await saveStyle(tx, receiver.id, input.on ? hourly : rest);
    const rings = await judgeAgain(tx, [receiver.id], now);
    const detail = { on: input.on };
    return { ok: true, result: { label: receiver.label }, target: receiver.id, detail, rings };
  });
}
