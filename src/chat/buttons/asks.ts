// A button that asks: the question goes on in the message that was pressed.
import type { ChatContext } from '../context.ts';
import type { AnswerSeed } from '../conversations/answer.ts';

/** Opens the question for one typed answer, in the message that was pressed. */
export function asks(ctx: ChatContext, about: AnswerSeed['about'], id: string): void {
  ctx.opens = { dialogue: 'answer', seed: { about, id, ownerId: ctx.ownerId }, ...here(ctx) };
}

/** The message whose button was pressed, to go on in. */
export function here(ctx: ChatContext): { messageId?: number } {
  const messageId = ctx.callbackQuery?.message?.message_id;
  return messageId === undefined ? {} : { messageId };
}
