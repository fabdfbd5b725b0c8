// /cancel: closes what is open.
import type { Command } from '../command.ts';
import { dialogueName } from '../conversations/index.ts';
import * as sayQuestion from '../locales/questions.ts';

export const cancel: Command = {
  name: 'cancel',
  description: 'close the question we are in',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx) {
    // The dialogue itself knows which message to close.
    if (ctx.conversation.active(dialogueName) > 0) ctx.passesOn = true;
    else
      await ctx.show({ text: ctx.closed ? sayQuestion.conversationClosed() : sayQuestion.nothingToCancel() });
  },
};
