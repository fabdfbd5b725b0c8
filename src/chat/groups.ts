// Groups: the bot comes, goes, is promoted, and follows a group that becomes a supergroup.
import type { MiddlewareFn } from 'grammy';
import type { ChatMember } from 'grammy/types';
import { leaveGroup } from '#operations/leave-group.ts';
import { migrateGroup } from '#operations/migrate-group.ts';
import { registerGroup } from '#operations/register-group.ts';
import { switchAddress } from '#operations/switch-address.ts';
import type { ChatContext } from './context.ts';
import { topicsFreed } from './forum.ts';
import * as sayContact from './locales/contact.ts';
import * as labels from './locales/labels.ts';
import * as refusals from './locales/refusals.ts';
import { leavePolitely } from './strangers.ts';
import { isGroupChat } from './who.ts';

const clock = { is: 'clock' } as const;

/** Handles what happens to the bot itself; everything else goes on. */
export function groups(): MiddlewareFn<ChatContext> {
  return async (ctx, next) => {
    const { world } = ctx.deps;
    const change = ctx.myChatMember;
    if (change) return change.chat.type === 'private' ? blocked(ctx) : comesOrGoes(ctx);
    const to = ctx.message?.migrate_to_chat_id;
    const from = ctx.message?.migrate_from_chat_id;
    // Telegram says it in both chats; the second time changes nothing.
    if (to !== undefined) return void (await migrateGroup(world, clock, { from: ctx.chatId!, to }, ctx.now));
    if (from !== undefined)
      return void (await migrateGroup(world, clock, { from, to: ctx.chatId! }, ctx.now));
    if (isGroupChat(ctx) && !ctx.group && ctx.who && ctx.message?.text?.startsWith('/'))
      await register(ctx, true);
    // Otherwise the person's own rules and alerts would be shown to everybody there.
    if (isGroupChat(ctx) && !ctx.group) return ctx.callbackQuery ? ctx.toast(refusals.oldButton) : undefined;
    await next();
  };
}

async function blocked(ctx: ChatContext): Promise<void> {
  const status = ctx.myChatMember!.new_chat_member.status;
  const off = status === 'kicked' || status === 'left' ? 'blocked' : null;
  await switchAddress(
    ctx.deps.world,
    clock,
    { channel: 'telegram', address: String(ctx.chatId), off },
    ctx.now,
  );
}

async function comesOrGoes(ctx: ChatContext): Promise<void> {
  const { old_chat_member: before, new_chat_member: after } = ctx.myChatMember!;
  const isIn = (status: string) => status !== 'left' && status !== 'kicked';
  if (!isIn(after.status)) {
    await leaveGroup(ctx.deps.world, clock, { chatId: ctx.chatId!, why: after.status }, ctx.now);
    return;
  }
  if (ctx.chat?.type === 'channel') return void (await ctx.leaveChat().catch(() => {}));
  // Only a promotion: nothing new, unless the bot was never made known here.
  if (isIn(before.status) && ctx.group) return mayManageTopics(after) ? topicsFreed(ctx) : undefined;
  if (!ctx.who) return ctx.group ? undefined : leavePolitely(ctx);
  const isNew = await register(ctx);
  if (isNew && ctx.group) {
    const rows = [
      [
        { label: labels.newRule, action: 'new-rule' },
        { label: labels.whatBurns, action: 'alerts' },
      ],
    ];
    await ctx.show({ text: sayContact.groupHello(ctx.group.title, ctx.group.zone), rows });
  }
}

function mayManageTopics(member: ChatMember): boolean {
  return member.status === 'administrator' && member.can_manage_topics === true;
}

/** Makes the chat known, with the person as the one who brought it. */
async function register(ctx: ChatContext, spoken = false): Promise<boolean> {
  const who = ctx.who!;
  const title = ctx.chat?.title ?? 'Group';
  const done = await registerGroup(
    ctx.deps.world,
    who.actor,
    { chatId: ctx.chatId!, title, spoken },
    ctx.now,
  );
  if (!done.ok) {
    if (!spoken || isOurs(ctx)) await ctx.show({ text: refusals.refused(done.text) });
    return false;
  }
  ctx.group = done.group;
  ctx.ownerId = done.group.id;
  ctx.zone = done.group.zone;
  who.actor = { ...who.actor, groupId: done.group.id, groupAdmin: false };
  return done.isNew;
}

/** A command of ours, and not said to another bot of the chat. */
function isOurs(ctx: ChatContext): boolean {
  const [, name, bot] = /^\/(\w+)(?:@(\w+))?/.exec(ctx.message?.text ?? '') ?? [];
  if (bot !== undefined) return bot.toLowerCase() === ctx.me.username.toLowerCase();
  return ctx.commands.some((command) => command.name === name);
}
