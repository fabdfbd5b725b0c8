// /help: the commands, made from the shelf.
import { type Command, isOffered } from '../command.ts';
import * as sayHelp from '../locales/help.ts';
import * as labels from '../locales/labels.ts';
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
        { label: labels.newRule, action: 'new-rule' },
        { label: labels.whatBurns, action: 'alerts' },
      ],
    ];
    await ctx.show({ text: sayHelp.helpScreen(offered), rows });
  },
};
