// /held: what is held back, by which gate, until when.
import type { Command } from '../command.ts';
import { heldScreen } from '../why-screens.ts';

export const held: Command = {
  name: 'held',
  description: 'what is held back, why, and until when',
  scopes: ['private', 'group'],
  who: 'member',
  handle: async (ctx) => void (await ctx.show(await heldScreen(ctx))),
};
