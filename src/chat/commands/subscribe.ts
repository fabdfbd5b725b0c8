// /subscribe: a rule, step by step.
import type { Command } from '../command.ts';

export const subscribe: Command = {
  name: 'subscribe',
  description: 'make a rule step by step',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, rest) {
    const topic = rest.trim();
    ctx.opens = { dialogue: 'subscribe', seed: /^[\w*-]+(\.[\w*-]+)*$/.test(topic) ? { topic } : {} };
  },
};
