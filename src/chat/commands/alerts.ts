// /alerts: what burns now.
import { alertsScreen } from '../alert-screens.ts';
import type { Command } from '../command.ts';

export const alerts: Command = {
  name: 'alerts',
  description: 'what burns now',
  scopes: ['private', 'group'],
  who: 'member',
  handle: async (ctx) => void (await ctx.show(await alertsScreen(ctx))),
};
