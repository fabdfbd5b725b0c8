// /catchup: what happened while somebody was not here, in one message.
import { catchUpScreen, day, sinceOf, spans } from '../catch-up-screens.ts';
import type { Command } from '../command.ts';
import * as say from '../locales/catch-up.ts';

export const catchup: Command = {
  name: 'catchup',
  description: 'what you missed, in one message',
  example: '/catchup 3d',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, rest) {
    const since = await sinceOf(ctx, rest);
    if (since === undefined) return void (await ctx.show({ text: say.fault(rest), rows: [spans(ctx)] }));
    if (since < ctx.now - 366 * day) return void (await ctx.show({ text: say.tooFar(), rows: [spans(ctx)] }));
    await ctx.show(await catchUpScreen(ctx, { since }));
  },
};
