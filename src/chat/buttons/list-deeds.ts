// What can be done with personal lists by buttons.
import { deleteList } from '#operations/delete-list.ts';
import { removeFromList } from '#operations/remove-from-list.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import { lines } from '../html.ts';
import { listScreen, listsScreen, rulesAsking } from '../list-screens.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/lists.ts';

export const lists: ButtonAction = {
  action: 'lists',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await listsScreen(ctx), 'here');
  },
};

/** Payload: the list's name. */
export const list: ButtonAction = {
  action: 'list',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await listScreen(ctx, row.payload ?? ''), 'here');
  },
};

/** Payload: the list's name, a place, and the entry. */
export const removeItem: ButtonAction = {
  action: 'list-remove',
  async press(ctx, row) {
    const [, name = '', item = ''] = /^(\S+) \d+ ([\s\S]*)$/.exec(row.payload ?? '') ?? [];
    const input = { ownerId: ctx.ownerId, name, items: [item] };
    const done = await removeFromList(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    await ctx.show(await listScreen(ctx, name), 'here');
  },
};

/** Payload: the list's name, and `surely` the second time. */
export const removeList: ButtonAction = {
  action: 'list-delete',
  async press(ctx, row) {
    const [name = '', surely] = (row.payload ?? '').split(' ');
    if (surely === undefined) {
      await ctx.toast();
      const text = say.deleteAsk(name, await rulesAsking(ctx, name));
      const rows = [
        [
          {
            label: say.deleteSurely,
            action: 'list-delete',
            payload: `${name} surely`,
            style: 'danger' as const,
          },
          { label: labels.keepIt, action: 'list', payload: name },
        ],
      ];
      return void (await ctx.show({ text, rows }, 'here'));
    }
    const input = { ownerId: ctx.ownerId, name };
    const done = await deleteList(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    const screen = await listsScreen(ctx);
    await ctx.show(done.ok ? { ...screen, text: lines(say.deleted(name), screen.text) } : screen, 'here');
  },
};
