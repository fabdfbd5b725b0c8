// /packs: rules ready to be taken.
import type { Command } from '../command.ts';
import { packsScreen } from '../pack-screens.ts';

export const packs: Command = {
  name: 'packs',
  description: 'rules ready to be taken',
  scopes: ['private', 'group'],
  who: 'member',
  handle: async (ctx) => void (await ctx.show(await packsScreen(ctx))),
};
