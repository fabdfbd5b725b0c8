// Alert styles by buttons: look at one, rename it, let another receiver bear its name, copy how one tells.
import { printStyle } from '#core/style-print.ts';
import { renameReceiver } from '#operations/rename-receiver.ts';
import { setStyle } from '#operations/set-style.ts';
import type { ButtonAction } from '../button.ts';
import { ownReceiver } from '../channel-screens.ts';
import { whoOf } from '../context.ts';
import * as say from '../locales/named-styles.ts';
import { copyStyleScreen, joinStyleScreen, namedStyleScreen, stylesScreen } from '../named-style-screens.ts';
import { styleScreen } from '../style-screens.ts';
import { asks } from './asks.ts';

export const namedStyles: ButtonAction = {
  action: 'named-styles',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await stylesScreen(ctx), 'here');
  },
};

/** Payload: the name. */
export const namedStyle: ButtonAction = {
  action: 'named-style',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await namedStyleScreen(ctx, row.payload ?? ''), 'here');
  },
};

/** Payload: the name. */
export const renameStyle: ButtonAction = {
  action: 'named-style-rename',
  async press(ctx, row) {
    await ctx.toast();
    asks(ctx, 'style-name', row.payload ?? '');
  },
};

/** Payload: the name; with a receiver's id on a second line, that one bears it. */
export const joinStyle: ButtonAction = {
  action: 'named-style-add',
  async press(ctx, row) {
    const [name = '', receiverId] = (row.payload ?? '').split('\n');
    if (receiverId === undefined) {
      await ctx.toast();
      return void (await ctx.show(await joinStyleScreen(ctx, name), 'here'));
    }
    const input = { receiverId, label: name };
    const done = await renameReceiver(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    await ctx.show(await namedStyleScreen(ctx, name), 'here');
  },
};

/** Payload: the receiver's id; with another's behind it takes over how that one tells. */
export const copyStyle: ButtonAction = {
  action: 'style-copy',
  async press(ctx, row) {
    const [receiverId = '', from] = (row.payload ?? '').split(' ');
    const other = from === undefined ? undefined : await ownReceiver(ctx, from);
    if (!other) {
      await ctx.toast();
      return void (await ctx.show(await copyStyleScreen(ctx, receiverId), 'here'));
    }
    const input = { receiverId, document: printStyle(other.style) };
    const done = await setStyle(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? say.copied : done.text);
    await ctx.show(await styleScreen(ctx, receiverId), 'here');
  },
};
