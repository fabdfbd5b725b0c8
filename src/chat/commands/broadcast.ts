// /broadcast: a notice to everyone, to a group, or to those who run something.
import type { Command } from '../command.ts';
import { beginBroadcast } from '../conversations/broadcast.ts';

export const broadcast: Command = {
  name: 'broadcast',
  description: 'a notice to a group or to those it concerns',
  example: '/broadcast node.checkin version < 1.4',
  scopes: ['private', 'group'],
  who: 'head',
  async handle(ctx, rest) {
    beginBroadcast(ctx, rest);
  },
};
