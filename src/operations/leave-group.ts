// Leave a group: the bot was removed, or the group is gone.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findGroupByChat, type Group, isSwitchedOff, saveGroup, switchOff } from '#store/groups.ts';
import { disableReceiversAt } from '#store/receivers.ts';
import { authorise } from './may.ts';
import { tellLost } from './tell-elsewhere.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/**
 * Switches a group's chat off with the reason why; its rules stay for the day it comes back. `switchesOff`: an admin wants
 * it so, and only an admin brings it back.
 */
export function leaveGroup(
  world: World,
  actor: Actor,
  input: { chatId: number; why: string; switchesOff?: boolean },
  now: number,
): Promise<Outcome<{ group: Group }>> {
  return write(world, actor, 'leave-group', now, async (tx) => {
    const before = await findGroupByChat(tx, input.chatId);
    if (!before) return refuse('not-found', 'I do not know this group.');
    const refused = await authorise(tx, actor, 'remove', before.id);
    if (refused) return refused;
    const { switchesOff = false } = input;
    const isNews = switchesOff && !(await isSwitchedOff(tx, before.id));
    if (isNews) await switchOff(tx, before.id, true);
    else if (before.leftAt !== null) return refuse('conflict', 'I have left this group already.');
    const group = await saveGroup(tx, { ...before, leftAt: before.leftAt ?? now });
    const place = { channel: 'telegram', address: String(input.chatId) };
    const ids = await disableReceiversAt(tx, place.channel, place.address, input.why, now);
    const why = switchesOff
      ? 'an admin has switched me off for the group'
      : input.why === 'kicked'
        ? 'I was removed from the group'
        : 'I am no longer in the group';
    // Whoever brought the bot there wants to know.
    const bringer = /^person:(.+)$/.exec(group.createdBy)?.[1];
    const lost = { channel: place.channel, ids, why, others: bringer === undefined ? [] : [bringer] };
    const rings = [...ids.map((id) => ({ job: 'notify' as const, id })), ...(await tellLost(tx, lost, now))];
    return { ok: true, result: { group }, target: group.id, detail: { why: input.why }, rings };
  });
}
