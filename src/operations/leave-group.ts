// Leave a group: the bot was removed, or the group is gone.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findGroupByChat, type Group, saveGroup } from '#store/groups.ts';
import { disableReceiversAt } from '#store/receivers.ts';
import { authorise } from './may.ts';
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
    await disableReceiversAt(tx, 'telegram', String(input.chatId), input.why, now);
    return { ok: true, result: { group }, target: group.id, detail: { why: input.why } };
  });
}
