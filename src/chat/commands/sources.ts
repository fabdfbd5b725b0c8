// /sources: what tells me things: software that is asked, heartbeats, and what pushes.
import type { Command } from '../command.ts';
import { sourcesScreen } from '../source-screens.ts';

export const sources: Command = {
  name: 'sources',
  description: 'what is watched: machines, jobs, other software',
  scopes: ['private', 'group'],
  who: 'member',
  handle: async (ctx) => void (await ctx.show(await sourcesScreen(ctx))),
};
