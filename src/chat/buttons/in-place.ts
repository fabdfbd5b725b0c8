// Other buttons under the message that was pressed, whose text stays as it is.
import type { InlineKeyboardMarkup } from 'grammy/types';
import { sayError } from '#core/say-error.ts';
import type { ChatContext } from '../context.ts';
import { type Choice, keyboard } from '../screen.ts';

/** These buttons instead of those that stand there. */
export async function showButtons(ctx: ChatContext, rows: Choice[][]): Promise<void> {
  const { chatId } = ctx;
  if (chatId !== undefined) await edit(ctx, await keyboard(ctx, { rows }, chatId));
}

/** The buttons that stood there before, as Telegram showed them. */
export async function putBack(ctx: ChatContext, before: InlineKeyboardMarkup | undefined): Promise<void> {
  await edit(ctx, before ?? { inline_keyboard: [] });
}

async function edit(ctx: ChatContext, reply_markup: InlineKeyboardMarkup): Promise<void> {
  try {
    await ctx.editMessageReplyMarkup({ reply_markup });
  } catch (error) {
    ctx.deps.world.log.debug({ why: sayError(error) }, 'a menu could not be shown');
  }
}
