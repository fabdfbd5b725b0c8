// Screens about personal lists: all of them, and one with what is in it.
import { listsOf as listsAsked } from '#core/condition.ts';
import { isGroup } from '#core/owner.ts';
import { findList, listsOf } from '#store/lists.ts';
import { rulesOf } from '#store/rules.ts';
import type { ChatContext } from './context.ts';
import { lines } from './html.ts';
import * as say from './locales/lists.ts';
import { type Choice, inPairs, type Screen } from './screen.ts';

const mostButtons = 12;

/** The lists of this place, each with its button. */
export async function listsScreen(ctx: ChatContext): Promise<Screen> {
  const lists = await listsOf(ctx.deps.world.database.db, ctx.ownerId);
  if (lists.length === 0) return { text: say.noLists(isGroup(ctx.ownerId)) };
  return {
    text: lines(say.listsTitle(), ...lists.map(({ name, items }) => say.listLine(name, items))),
    rows: lists.slice(0, 20).map(({ name }): Choice[] => [{ label: name, action: 'list', payload: name }]),
  };
}

/** One list; what is in it goes by its button. */
export async function listScreen(ctx: ChatContext, name: string): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const found = await findList(db, ctx.ownerId, name);
  const others: Choice = { label: say.allLists, action: 'lists' };
  if (!found) return { ...(await listsScreen(ctx)) };
  const items = found.items.slice(0, mostButtons);
  const removals = items.map(
    (item, at): Choice => ({
      label: say.removeItem(item),
      action: 'list-remove',
      payload: `${name} ${at} ${item}`,
    }),
  );
  return {
    text: say.listDetail(name, found.items, await rulesAsking(ctx, name)),
    rows: [...inPairs(removals), [{ label: say.deleteList, action: 'list-delete', payload: name }, others]],
  };
}

/** The names of the rules here that ask for a list. */
export async function rulesAsking(ctx: ChatContext, name: string): Promise<string[]> {
  const rules = await rulesOf(ctx.deps.world.database.db, [ctx.ownerId]);
  return rules.filter(({ match }) => listsAsked(match).includes(name)).map((rule) => rule.name);
}
