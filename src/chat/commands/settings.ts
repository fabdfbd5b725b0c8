// /settings: clock, morning, quiet hours, topics: a person's own, or in a group the group's.
import type { Command } from '../command.ts';
import { settingsScreen } from '../settings-screens.ts';

export const settings: Command = {
  name: 'settings',
  description: 'clock, morning, quiet hours',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx) {
    await ctx.show(await settingsScreen(ctx));
  },
};
