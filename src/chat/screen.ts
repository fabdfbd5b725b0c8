// A screen: a text with buttons, and showing it in a new message or in one that stands.
import { GrammyError, HttpError } from 'grammy';
import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types';
import { addButtons, type ButtonRow } from '#store/buttons.ts';
import { isCopyable } from '#telegram/keyboard.ts';
import type { ChatContext } from './context.ts';
import { threadOf } from './forum.ts';
import { type Html, plainOf, short } from './html.ts';
import { nothingNew } from './locales/labels.ts';

/** `action` buttons get a row in the store; `answer` buttons are read by the conversation that showed them. */
export type Choice =
  | {
      label: string;
      action: string;
      payload?: string;
      alertId?: string;
      rev?: number;
      style?: 'primary' | 'success' | 'danger';
    }
  | { label: string; link: string }
  /** Puts a text on the clipboard; left out when it is too long for that. */
  | { label: string; copy: string }
  /** `number`: which of the dialogue's answers it is; counted from 0 unless told. */
  | { label: string; answer: string; number?: number };

export interface Screen {
  text: Html;
  rows?: Choice[][];
  /** What `answer` buttons carry in front of their number. */
  stamp?: string;
}

/** The screen with buttons above its own that copy these texts. */
export function copying(screen: Screen, copies: Record<string, string>): Screen {
  const row = Object.entries(copies).map(([label, copy]): Choice => ({ label, copy }));
  return { ...screen, rows: [...(row.length > 0 ? [row] : []), ...(screen.rows ?? [])] };
}

/** Two in a row. */
export function inPairs<T>(choices: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(choices.length / 2) }, (_, i) => choices.slice(i * 2, i * 2 + 2));
}

const buttonLife = 7 * 86_400_000;

/** Shows it and returns the message's id; undefined when it could not be shown now (it is then told as a note). */
export async function present(
  ctx: ChatContext,
  screen: Screen,
  where: 'new' | 'here' | number = 'new',
): Promise<number | undefined> {
  const chatId = ctx.chatId;
  if (chatId === undefined) return undefined;
  const markup = await keyboard(ctx, screen, chatId);
  const target =
    where === 'here' ? ctx.callbackQuery?.message?.message_id : where === 'new' ? undefined : where;
  try {
    if (target !== undefined && (await edited(ctx, chatId, target, screen, markup))) return target;
    return await sent(ctx, chatId, screen, markup);
  } catch (error) {
    if (!(error instanceof GrammyError) && !(error instanceof HttpError)) throw error;
    const why = error instanceof GrammyError ? error.description : 'no connection';
    ctx.deps.world.log.warn({ chat: chatId, why }, 'a screen could not be shown');
    return target;
  }
}

/** Shows it in the message whose button was pressed; when its words stand there already, that nothing is new. */
export async function presentAgain(ctx: ChatContext, screen: Screen): Promise<void> {
  const before = ctx.callbackQuery?.message?.text;
  await ctx.toast(before?.trim() === plainOf(screen.text).trim() ? nothingNew : undefined);
  await ctx.show(screen, 'here');
}

/** The keyboard of these rows, with a stored row behind each action. */
export async function keyboard(
  ctx: ChatContext,
  { rows = [], stamp = '' }: Pick<Screen, 'rows' | 'stamp'>,
  chatId: number,
): Promise<InlineKeyboardMarkup> {
  const stored: ButtonRow[] = [];
  let number = 0;
  const inline_keyboard = rows.map((row) =>
    row.flatMap((choice): InlineKeyboardButton[] => {
      const text = short(choice.label, 48);
      if ('link' in choice) return [{ text, url: choice.link }];
      if ('copy' in choice)
        return isCopyable(choice.copy) ? [{ text, copy_text: { text: choice.copy } }] : [];
      if ('answer' in choice) return [{ text, callback_data: `w:${stamp}:${choice.number ?? number++}` }];
      const id = ctx.deps.world.token();
      stored.push({
        id,
        action: choice.action,
        payload: choice.payload ?? null,
        alertId: choice.alertId ?? null,
        rev: choice.rev ?? null,
        chatId,
        expiresAt: ctx.now + buttonLife,
      });
      return [{ text, callback_data: id, ...(choice.style ? { style: choice.style } : {}) }];
    }),
  );
  await addButtons(ctx.deps.world.database.db, stored);
  return { inline_keyboard: inline_keyboard.filter((row) => row.length > 0) };
}

async function edited(
  ctx: ChatContext,
  chatId: number,
  messageId: number,
  screen: Screen,
  reply_markup: InlineKeyboardMarkup,
): Promise<boolean> {
  try {
    await ctx.api.editMessageText(chatId, messageId, screen.text.source, { reply_markup });
    return true;
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
    if (/message is not modified/.test(error.description)) return true;
    // Deleted by the person, or not ours to edit: a new message serves as well.
    return false;
  }
}

async function sent(
  ctx: ChatContext,
  chatId: number,
  screen: Screen,
  reply_markup: InlineKeyboardMarkup,
): Promise<number> {
  const thread = threadOf(ctx);
  const options = {
    ...(reply_markup.inline_keyboard.length > 0 ? { reply_markup } : {}),
    ...(thread === undefined ? {} : { message_thread_id: thread }),
  };
  try {
    return (await ctx.api.sendMessage(chatId, screen.text.source, options)).message_id;
  } catch (error) {
    if (!(error instanceof GrammyError)) throw error;
    // A topic that was closed or deleted meanwhile: an answer outside it is better than none.
    if (thread !== undefined && /thread not found|TOPIC_CLOSED|TOPIC_DELETED/i.test(error.description)) {
      const { message_thread_id: _thread, ...outside } = options as typeof options & {
        message_thread_id?: number;
      };
      return (await ctx.api.sendMessage(chatId, screen.text.source, outside)).message_id;
    }
    if (!/can't parse entities|is too long/.test(error.description)) throw error;
    // Our own mistake must not cost the person the answer; the count must stay 0 in every test.
    ctx.deps.world.meter.count('chat_plain_fallback');
    const text = short(plainOf(screen.text), 3500);
    const plain = { ...options, parse_mode: undefined, entities: [] };
    return (await ctx.api.sendMessage(chatId, text, plain as object)).message_id;
  }
}
