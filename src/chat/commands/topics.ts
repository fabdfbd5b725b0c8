// /topics: what comes here, as a tree, and one topic by its name.
import { topicFault } from '#core/topic.ts';
import type { Command } from '../command.ts';
import { topicsScreen } from '../topic-screens.ts';

export const topics: Command = {
  name: 'topics',
  description: 'what comes here: topics, their fields and last values',
  example: '/topics disk',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, rest) {
    const path = rest.trim().replace(/(\.\*+)+$/, '');
    await ctx.show(await topicsScreen(ctx, path === '' || topicFault(path) === undefined ? path : ''));
  },
};
