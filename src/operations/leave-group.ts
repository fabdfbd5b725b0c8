// Leave a group: the bot was removed, or the group is gone.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findGroupByChat, type Group, saveGroup } from '#store/groups.ts';
import { disableReceiversAt } from '#store/receivers.ts';
import { authorise } from './may.ts';
import { tellLost } from './tell-elsewhere.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Switches a group's chat off with the reason why; its rules stay for the day it comes back. */
export function leaveGroup(
  world: World,
  actor: Actor,
  input: { chatId: number; why: string },
  now: number,
): Promise<Outcome<{ group: Group }>> {
  return write(world, actor, 'leave-group', now, async (tx) => {
    const before = await findGroupByChat(tx, input.chatId);
    if (!before) return refuse('not-found', 'I do not know this group.');
    const refused = await authorise(tx, actor, 'remove', before.id);
    if (refused) return refused;
    if (before.leftAt !== null) return refuse('conflict', 'I have left this group already.');
    const group = await saveGroup(tx, { ...before, leftAt: now });
    const place = { channel: 'telegram', address: String(input.chatId) };
    const ids = await disableReceiversAt(tx, place.channel, place.address, input.why, now);
    const why = input.why === 'kicked' ? 'I was removed from the group' : 'I am no longer in the group';
    // Whoever brought the bot there wants to know.
    const lost = { channel: place.channel, ids, why, others: [group.createdBy] };
    const rings = [...ids.map((id) => ({ job: 'notify' as const, id })), ...(await tellLost(tx, lost, now))];
    return { ok: true, result: { group }, target: group.id, detail: { why: input.why }, rings };
  });
}
