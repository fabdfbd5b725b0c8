// /my: named lists of one's own, for conditions such as `block in $me.blocks`.
import { addToList } from '#operations/add-to-list.ts';
import { removeFromList } from '#operations/remove-from-list.ts';
import type { Command } from '../command.ts';
import { whoOf } from '../context.ts';
import { lines } from '../html.ts';
import { listScreen, listsScreen } from '../list-screens.ts';
import * as say from '../locales/lists.ts';
import * as refusals from '../locales/refusals.ts';

export const my: Command = {
  name: 'my',
  description: 'lists of your own, for the conditions of rules',
  example: '/my blocks add gc_t',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, rest) {
    const [, name, verb, given] = /^\s*\$?(?:me\.)?(\S+)?(?:\s+(\S+))?(?:\s+([\s\S]+))?$/.exec(rest) ?? [];
    if (name === undefined) return void (await ctx.show(await listsScreen(ctx)));
    if (verb === undefined) return void (await ctx.show(await listScreen(ctx, name.toLowerCase())));
    const change = { add: addToList, remove: removeFromList, delete: removeFromList }[verb.toLowerCase()];
    const items = itemsOf(given ?? '');
    if (!change || items.length === 0) {
      const screen = await listsScreen(ctx);
      return void (await ctx.show({ ...screen, text: lines(say.fault(rest.trim()), screen.text) }));
    }
    const input = { ownerId: ctx.ownerId, name: name.toLowerCase(), items };
    const done = await change(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    if (!done.ok) return void (await ctx.show({ text: refusals.refused(done.text) }));
    const screen = await listScreen(ctx, input.name);
    await ctx.show(screen);
  },
};

/** `a b, "c d"` as three entries. */
function itemsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]+)"|“([^”]+)”|([^\s,]+)/g)].map(
    ([, quoted, curly, bare]) => quoted ?? curly ?? bare!,
  );
}
