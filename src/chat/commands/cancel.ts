// /cancel: closes what is open.
import type { Command } from '../command.ts';
import { dialogueName } from '../conversations/index.ts';
import * as en from '../locales/en.ts';

export const cancel: Command = {
  name: 'cancel',
  description: 'close the question we are in',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx) {
    // The dialogue itself knows which message to close.
    if (ctx.conversation.active(dialogueName) > 0) ctx.passesOn = true;
    else await ctx.show({ text: ctx.closed ? en.conversationClosed() : en.nothingToCancel() });
  },
};
