// /channels: where this place is told besides the chat, and whether that works.
import { channelsScreen } from '../channel-screens.ts';
import type { Command } from '../command.ts';

export const channels: Command = {
  name: 'channels',
  description: 'where you are told: e-mail, webhook, …',
  scopes: ['private', 'group'],
  who: 'member',
  handle: async (ctx) => void (await ctx.show(await channelsScreen(ctx))),
};
