// Screens about the groups that are told.
import { GrammyError } from 'grammy';
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
const askedMs = 3_000;

/** Admins see every group; others those that Telegram says they belong to. */
export async function groupsScreen(ctx: ChatContext): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const { role, telegramId } = whoOf(ctx).person;
  const all = await groupsHere(db, mostKnown);
  const seesAll = role !== 'member';
  const { own, isUnsure } = seesAll
    ? { own: all, isUnsure: false }
    : await belongingTo(ctx, all.slice(0, most), telegramId);
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
  return { text: say.groupsScreen(groups, left, isUnsure), rows: [[{ label: say.addToGroup, link }]] };
}

/** The groups that Telegram says they belong to, and whether it was silent about some. */
async function belongingTo(ctx: ChatContext, groups: Group[], telegramId: number) {
  const answers = await Promise.all(groups.map((group) => belongs(ctx, group, telegramId)));
  return { own: groups.filter((_, i) => answers[i] === true), isUnsure: answers.includes(undefined) };
}

/** Undefined: Telegram did not say in time. */
async function belongs(
  ctx: ChatContext,
  { chatId }: Group,
  telegramId: number,
): Promise<boolean | undefined> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), askedMs);
  const none = new Promise<undefined>((settle) => {
    late.signal.addEventListener('abort', () => settle(undefined));
  });
  try {
    const asked = ctx.api.getChatMember(chatId, telegramId, late.signal as never);
    const member = await Promise.race([asked, none]);
    asked.catch(() => {});
    if (!member) return undefined;
    return member.status === 'restricted' ? member.is_member : !['left', 'kicked'].includes(member.status);
  } catch (error) {
    // Telegram's own word: one of us is not there.
    if (error instanceof GrammyError && [400, 403].includes(error.error_code)) return false;
    ctx.deps.world.log.debug({ why: sayError(error) }, 'a group could not be asked who is in it');
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
