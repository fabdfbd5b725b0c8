// A group became a supergroup: it has a new chat id, and everything follows.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findGroupByChat, forgetGroup, type Group, isSwitchedOff, saveGroup } from '#store/groups.ts';
import { holdName } from '#store/locks.ts';
import { disableReceiversAt, moveAddress } from '#store/receivers.ts';
import { rulesOf } from '#store/rules.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Moves a group to its new chat. Telegram says so twice, in both chats; the second time is a conflict. */
export function migrateGroup(
  world: World,
  actor: Actor,
  input: { from: number; to: number },
  now: number,
): Promise<Outcome<{ group: Group }>> {
  return write(world, actor, 'migrate-group', now, async (tx) => {
    const { from, to } = input;
    if (![from, to].every((id) => Number.isSafeInteger(id) && id < 0) || from === to)
      return refuse('invalid', 'These are not two groups.');
    await holdName(tx, `telegram:${from}`);
    await holdName(tx, `telegram:${to}`);
    const before = await findGroupByChat(tx, from);
    const there = await findGroupByChat(tx, to);
    const known = before ?? there;
    if (!known) return refuse('not-found', 'I do not know this group.');
    const refused = await authorise(tx, actor, 'remove', known.id);
    if (refused) return refused;
    if (!before) return refuse('conflict', 'This group has moved already.');
    if (there) {
      // The bot may be seen in the new chat before the move is told, and is then made known there as a new group.
      if ((await rulesOf(tx, [there.id])).length > 0)
        return refuse('conflict', 'The new chat is a group with rules of its own.');
      await forgetGroup(tx, there.id);
    }
    const moved = await moveAddress(tx, 'telegram', String(from), String(to));
    const isOff = await isSwitchedOff(tx, before.id);
    const group = { ...before, chatId: to, leftAt: isOff ? before.leftAt : null };
    if (isOff) {
      await saveGroup(tx, group);
      await disableReceiversAt(tx, 'telegram', String(to), 'switched off', now);
    }
    const rings = (isOff ? [] : moved).map((id) => ({ job: 'notify' as const, id }));
    return { ok: true, result: { group }, target: group.id, detail: { from, to }, rings };
  });
}
