// Buttons under a message: labels and links as Telegram takes them.
import type { Button } from '#core/message.ts';
import { oneLine } from './pieces.ts';

export interface InlineKeyboard {
  inline_keyboard: InlineButton[][];
}
export type InlineButton = {
  text: string;
  callback_data?: string;
  url?: string;
  copy_text?: { text: string };
  style?: 'primary' | 'success' | 'danger';
};

/** The inline keyboard; `idOf` names the server-side row behind an action. Links other than http(s), and texts too long to be copied, are left out. */
export function toKeyboard<B extends Button>(rows: B[][], idOf: (button: B) => string): InlineKeyboard {
  const keyboard = rows.slice(0, 20).map((row) =>
    row.slice(0, 8).flatMap((button): InlineButton[] => {
      const text = toLabel(button.label);
      if ('link' in button) return isWebLink(button.link) ? [{ text, url: button.link }] : [];
      if ('copy' in button)
        return isCopyable(button.copy) ? [{ text, copy_text: { text: button.copy } }] : [];
      const style = button.style ? { style: button.style } : {};
      return [{ text, callback_data: idOf(button), ...style }];
    }),
  );
  return { inline_keyboard: keyboard.filter((row) => row.length > 0) };
}

/** At most 64 characters, never empty. */
export function toLabel(label: string): string {
  const clean = oneLine(label).trim();
  const letters = [...clean];
  if (clean.length <= 64) return clean === '' ? '·' : clean;
  let text = '';
  for (const letter of letters) {
    if (text.length + letter.length > 63) break;
    text += letter;
  }
  return `${text}…`;
}

/** What Telegram puts on a clipboard. */
export function isCopyable(text: string): boolean {
  return text.length >= 1 && text.length <= 256;
}

function isWebLink(link: string): boolean {
  return /^https?:\/\//i.test(link) && link.length <= 2000 && URL.canParse(link);
}
