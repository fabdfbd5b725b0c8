// Screens about the groups that are told.
import { sayError } from '#core/say-error.ts';
import { countOpen } from '#store/alert-lists.ts';
import { type Group, groupsHere } from '#store/groups.ts';
import { countRules } from '#store/many-rules.ts';
import { type ChatContext, whoOf } from './context.ts';
import * as say from './locales/groups.ts';
import type { Screen } from './screen.ts';

/** Telegram is asked about so many; the rest is only counted. */
const most = 20;
const mostKnown = 1_000;

/** Admins see every group; others those that Telegram says they belong to. */
export async function groupsScreen(ctx: ChatContext): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const { role, telegramId } = whoOf(ctx).person;
  const all = await groupsHere(db, mostKnown);
  const seesAll = role !== 'member';
  const own = seesAll ? all : await belongingTo(ctx, all.slice(0, most), telegramId);
  const shown = own.slice(0, most);
  const ids = shown.map(({ id }) => id);
  const rules = await countRules(db, ids);
  const burning = await countOpen(db, ids);
  const groups = shown.map(({ id, title, zone }) => ({
    title,
    zone,
    rules: rules.get(id) ?? 0,
    burning: burning.get(id) ?? 0,
  }));
  const left = seesAll ? own.length - shown.length : all.length > most ? 'unknown' : 0;
  const link = `https://t.me/${ctx.me.username}?startgroup=hello`;
  return { text: say.groupsScreen(groups, left), rows: [[{ label: say.addToGroup, link }]] };
}

async function belongingTo(ctx: ChatContext, groups: Group[], telegramId: number): Promise<Group[]> {
  const own: Group[] = [];
  for (const group of groups)
    try {
      const member = await ctx.api.getChatMember(group.chatId, telegramId);
      const isIn =
        member.status === 'restricted' ? member.is_member : !['left', 'kicked'].includes(member.status);
      if (isIn) own.push(group);
    } catch (error) {
      ctx.deps.world.log.debug({ why: sayError(error) }, 'a group could not be asked who is in it');
    }
  return own;
}
