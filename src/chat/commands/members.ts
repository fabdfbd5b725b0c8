// /members: who uses this Tocsin; whoever leaves is removed here.
import type { Command } from '../command.ts';
import { membersScreen } from '../member-screens.ts';

export const members: Command = {
  name: 'members',
  description: 'who uses this Tocsin, and removing somebody',
  scopes: ['private'],
  who: 'admin',
  handle: async (ctx) => void (await ctx.show(await membersScreen(ctx))),
};
