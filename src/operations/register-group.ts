// Register a group: a chat becomes known when somebody who may adds the bot or speaks to it there.
import { type Actor, actorRef } from '#core/actor.ts';
import { cleanText } from '#core/clean.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findGroupByChat, type Group, isSwitchedOff, saveGroup, switchOff } from '#store/groups.ts';
import { holdName } from '#store/locks.ts';
import { settingsOf } from '#store/people.ts';
import { addReceiver, enableReceiversAt, renameChat } from '#store/receivers.ts';
import { authorise, roleOf } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** What is said where only an admin can bring a group back. */
export const switchedOff =
  'An admin has switched me off for this group. Only an admin brings me back: by adding me to it anew, or over HTTP.';

/**
 * Makes a group chat and its receiver known, or brings its title up to date. `isNew` also after the bot came back.
 * `spoken`: somebody only spoke to it there, which brings back nothing that an admin switched off.
 */
export function registerGroup(
  world: World,
  actor: Actor,
  input: { chatId: number; title: string; spoken?: boolean },
  now: number,
): Promise<Outcome<{ group: Group; isNew: boolean }>> {
  return write(world, actor, 'register-group', now, async (tx) => {
    const self = actor.is === 'person' ? actor.personId : '';
    const refused = await authorise(tx, actor, 'group', self);
    if (refused) return refused;
    if (!Number.isSafeInteger(input.chatId) || input.chatId >= 0)
      return refuse('invalid', 'This is not a group.');
    await holdName(tx, `telegram:${input.chatId}`);
    const before = await findGroupByChat(tx, input.chatId);
    if (before && (await isSwitchedOff(tx, before.id))) {
      const role = await roleOf(tx, actor);
      if (input.spoken || (role !== 'admin' && role !== 'owner')) return refuse('conflict', switchedOff);
      await switchOff(tx, before.id, false);
    }
    const title = [...cleanText(input.title)].slice(0, 128).join('') || 'Group';
    const isNew = before === undefined || before.leftAt !== null;
    const address = String(input.chatId);
    // A message may have been refused there although nobody ever said that the bot had left.
    const heardAgain = isNew ? [] : await enableReceiversAt(tx, 'telegram', address);
    const rings = heardAgain.map((id) => ({ job: 'notify' as const, id }));
    if (before && !isNew && before.title === title && heardAgain.length === 0)
      return { ok: true, result: { group: before, isNew: false }, target: before.id, unchanged: true };
    const { zone } = await settingsOf(tx, self, world.defaultZone);
    const group = await saveGroup(tx, {
      id: before?.id ?? world.id('g'),
      chatId: input.chatId,
      title,
      zone: before?.zone ?? zone,
      morning: before?.morning ?? 540,
      quiet: before?.quiet ?? null,
      createdBy: actorRef(actor),
      createdAt: now,
      leftAt: null,
    });
    const chat = { ownerId: group.id, channel: 'telegram', address, label: title };
    if (isNew) await addReceiver(tx, { ...chat, id: world.id('v'), createdAt: now });
    else await renameChat(tx, chat);
    const detail = { title, chatId: input.chatId };
    return { ok: true, result: { group, isNew }, target: group.id, detail, rings };
  });
}
