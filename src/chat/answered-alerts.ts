// Which alerts an answer is about: those of the message that it answers, whether that told them or is a screen about one.
import type { Message } from 'grammy/types';
import { alertsOfButtons } from '#store/buttons.ts';
import { alertsAtMessage } from '#store/past-alerts.ts';
import type { ChatContext } from './context.ts';

/** Screens about a single alert name it on one of these buttons. */
const naming = ['alerts', 'rule'];

/** At most `limit` alerts; none when the message is about something else. */
export async function answeredAlerts(
  ctx: ChatContext,
  asked: Pick<Message, 'message_id' | 'reply_markup'>,
  limit: number,
): Promise<string[]> {
  const { db } = ctx.deps.world.database;
  const place = { channel: 'telegram', address: String(ctx.chatId), messageId: String(asked.message_id) };
  const told = await alertsAtMessage(db, place, limit);
  if (told.length > 0) return told;
  const ids = (asked.reply_markup?.inline_keyboard ?? [])
    .flat()
    .flatMap((button) => ('callback_data' in button && button.callback_data ? [button.callback_data] : []));
  return alertsOfButtons(db, { chatId: ctx.chatId!, ids, actions: naming });
}
