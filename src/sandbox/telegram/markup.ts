// Keyboards, checked as Telegram checks them.
import type { InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton } from '@grammyjs/types';
import { badRequest, refusals } from './errors.ts';
import { checkedUrl } from './html-tags.ts';
import type { Call } from './methods/call.ts';
import { readJson } from './params.ts';
import type { Chat, ReplyMarkup } from './shapes.ts';
import type { Lack } from './world.ts';

const actions = [
  'url',
  'callback_data',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
  'disabled',
] as const;
const styles = ['danger', 'success', 'primary'];

/** Reads reply_markup; undefined when there is none or it is an empty inline keyboard. */
export function readMarkup(
  { params, world: { lacks } }: Pick<Call, 'params' | 'world'>,
  chat: Chat,
  inlineOnly = false,
): ReplyMarkup | undefined {
  const raw = readJson(params, 'reply_markup');
  if (raw === undefined) return undefined;
  if (typeof raw !== 'object' || raw === null) throw badRequest('object expected as reply markup');
  const markup = raw as Record<string, unknown>;
  if (markup.inline_keyboard !== undefined) {
    const checked = inlineKeyboard(markup.inline_keyboard, chat, lacks);
    return checked.inline_keyboard.length === 0 ? undefined : checked;
  }
  if (inlineOnly) {
    if (Object.keys(markup).length === 0) return undefined;
    throw badRequest('inline keyboard expected');
  }
  if (markup.keyboard !== undefined) {
    return { ...markup, keyboard: replyKeyboard(markup.keyboard) } as ReplyMarkup;
  }
  if (markup.remove_keyboard) return { remove_keyboard: true };
  if (!markup.force_reply) return undefined;
  const placeholder = markup.input_field_placeholder;
  return {
    force_reply: true,
    ...(typeof placeholder === 'string' ? { input_field_placeholder: placeholder } : {}),
  };
}

function inlineKeyboard(rows: unknown, chat: Chat, lacks: ReadonlySet<Lack>): InlineKeyboardMarkup {
  if (!Array.isArray(rows))
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
  const checked = rows
    .map((row: unknown) => {
      if (!Array.isArray(row)) {
        throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
      }
      return row.map((button: unknown) => inlineButton(button, chat, lacks));
    })
    .filter((row) => row.length > 0);
  if (checked.flat().length > 100) throw badRequest('reply markup is too long');
  if (checked.some((row) => row.length > 8)) throw badRequest('BUTTON_ROW_TOO_LONG');
  return { inline_keyboard: checked };
}

function inlineButton(raw: unknown, chat: Chat, lacks: ReadonlySet<Lack>): InlineKeyboardButton {
  const problem = (text: string) => badRequest(`can't parse inline keyboard button: ${text}`);
  if (typeof raw !== 'object' || raw === null) throw problem('InlineKeyboardButton must be an Object');
  const button = raw as Record<string, unknown>;
  if (typeof button.text !== 'string') throw problem('Field "text" must be of type String');
  if (button.text.trim() === '') throw badRequest('BUTTON_TEXT_INVALID');
  if (/\p{Surrogate}/u.test(button.text)) throw badRequest('strings must be encoded in UTF-8');
  const used = actions.filter(
    (action) => button[action] !== undefined && !(action === 'copy_text' && lacks.has('copy_text')),
  );
  if (used.length === 0) throw problem('Text buttons are unallowed in the inline keyboard');
  if (used.length > 1) throw refusals.buttonType();
  if (button.style !== undefined && (lacks.has('style') || !styles.includes(String(button.style)))) {
    throw problem('Invalid button style specified');
  }
  checkAction(used[0]!, button, chat);
  return button as unknown as InlineKeyboardButton;
}

function checkAction(action: (typeof actions)[number], button: Record<string, unknown>, chat: Chat): void {
  switch (action) {
    case 'callback_data': {
      const data = button.callback_data;
      if (typeof data !== 'string')
        throw badRequest(`can't parse inline keyboard button: Field "callback_data" must be of type String`);
      const size = Buffer.byteLength(data);
      if (size < 1 || size > 64 || /\p{Surrogate}/u.test(data)) throw refusals.buttonData();
      return;
    }
    case 'url':
      checkUrl(button.url, 'URL', true);
      return;
    case 'web_app':
      if (chat.type !== 'private') throw refusals.buttonType();
      checkUrl((button.web_app as { url?: unknown } | null)?.url, 'Web App URL', false);
      return;
    case 'copy_text': {
      const text = (button.copy_text as { text?: unknown } | null)?.text;
      if (typeof text !== 'string' || text.length < 1 || text.length > 256)
        throw badRequest('BUTTON_COPY_TEXT_INVALID');
      return;
    }
    case 'pay':
    case 'callback_game':
      throw refusals.buttonType();
    default:
      return;
  }
}

function checkUrl(url: unknown, what: string, allowsTg: boolean): void {
  const invalid = (why: string) =>
    badRequest(`inline keyboard button ${what} '${String(url)}' is invalid: ${why}`);
  if (typeof url !== 'string' || url === '') throw badRequest('BUTTON_URL_INVALID');
  const checked = checkedUrl(url);
  if (checked === undefined)
    throw invalid(/^[a-z]+:/i.test(url) ? 'Unsupported URL protocol' : 'Wrong HTTP URL');
  if (!allowsTg && !isSecureOrLocal(checked)) throw invalid('Only HTTPS links are allowed');
}

// Telegram wants HTTPS for Mini Apps; a sandbox on this machine may also open one on this machine.
function isSecureOrLocal(url: string): boolean {
  return /^https:/i.test(url) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])([:/]|$)/i.test(url);
}

function replyKeyboard(rows: unknown): KeyboardButton[][] {
  const wrong = () => badRequest('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays');
  if (!Array.isArray(rows)) throw wrong();
  return rows.map((row: unknown) => {
    if (!Array.isArray(row)) throw wrong();
    return row.map((button: unknown) => {
      const text = typeof button === 'string' ? button : (button as { text?: unknown } | null)?.text;
      if (typeof text !== 'string' || text === '')
        throw badRequest('can\'t parse keyboard button: Field "text" must be of type String');
      return (typeof button === 'string' ? { text: button } : button) as KeyboardButton;
    });
  });
}
