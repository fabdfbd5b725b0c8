// Enable receiver: one that was switched off because nothing arrived there is tried again.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { liftPause } from '#store/budgets.ts';
import { findGroup, isSwitchedOff } from '#store/groups.ts';
import { findReceiver, enableReceiver as switchOn } from '#store/receivers.ts';
import { authorise } from './may.ts';
import { switchedOff } from './register-group.ts';
import { unconfirmed } from './send-code.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const notThere = 'I am no longer in this group. It is told again as soon as somebody adds me there.';

/**
 * Forgets its failures, too. An address that was never confirmed needs its code instead; a group that is off as a whole is
 * told nowhere, whatever its receivers say.
 */
export function enableReceiver(
  world: World,
  actor: Actor,
  { receiverId }: { receiverId: string },
  now: number,
): Promise<Outcome<{ label: string }>> {
  return write(world, actor, 'enable-receiver', now, async (tx) => {
    const receiver = await findReceiver(tx, receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    const { label, disabled, failures, channel, address } = receiver;
    if (disabled === unconfirmed) return refuse('conflict', 'Confirm it with the code that was sent there.');
    const group = await findGroup(tx, receiver.ownerId);
    if (group && group.leftAt !== null)
      return refuse('conflict', (await isSwitchedOff(tx, group.id)) ? switchedOff : notThere);
    if (disabled === null && failures === 0)
      return { ok: true, result: { label }, target: receiverId, unchanged: true };
    await switchOn(tx, receiverId);
    await liftPause(tx, channel, address);
    const rings = [
      { job: 'notify' as const, id: receiverId },
      { job: 'deliver' as const, id: `${channel}|${address}` },
    ];
    return { ok: true, result: { label }, target: receiverId, rings };
  });
}
