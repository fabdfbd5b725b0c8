// /groups: the groups that are told, as far as whoever asks belongs to them.
import type { Command } from '../command.ts';
import { groupsScreen } from '../group-screens.ts';

export const groups: Command = {
  name: 'groups',
  description: 'the groups I tell, and adding me to another',
  scopes: ['private'],
  who: 'member',
  handle: async (ctx) => void (await ctx.show(await groupsScreen(ctx))),
};
