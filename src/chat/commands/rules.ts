// /rules: what is watched here, with pause, edit, delete and sample.
import type { Command } from '../command.ts';
import { rulesScreen } from '../rule-screens.ts';

export const rules: Command = {
  name: 'rules',
  description: 'what I watch for you: pause, change, delete',
  scopes: ['private', 'group'],
  who: 'member',
  handle: async (ctx) => void (await ctx.show(await rulesScreen(ctx))),
};
