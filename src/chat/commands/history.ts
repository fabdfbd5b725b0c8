// /history: the alerts that were, searched by what they were about.
import type { Command } from '../command.ts';
import { historyScreen } from '../why-screens.ts';

export const history: Command = {
  name: 'history',
  description: 'alerts of the past month',
  example: '/history /home',
  scopes: ['private', 'group'],
  who: 'member',
  handle: async (ctx, rest) => void (await ctx.show(await historyScreen(ctx, rest.trim()))),
};
