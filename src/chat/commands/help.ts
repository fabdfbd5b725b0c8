// /help: the commands, made from the shelf.
import { type Command, isOffered } from '../command.ts';
import * as en from '../locales/en.ts';
import { isGroupChat } from '../who.ts';

export const help: Command = {
  name: 'help',
  description: 'what I can do',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx) {
    const scope = isGroupChat(ctx) ? 'group' : 'private';
    const offered = ctx.commands.filter((command) =>
      isOffered(command, scope, ctx.who?.person.role ?? 'member'),
    );
    const rows = [
      [
        { label: en.newRule, action: 'new-rule' },
        { label: en.whatBurns, action: 'alerts' },
      ],
    ];
    await ctx.show({ text: en.helpScreen(offered), rows });
  },
};
