// A neutral message in Telegram's HTML, and as plain text for when the HTML was refused.
import type { Message } from '#core/message.ts';
import { type Piece, piecesOf, type Reader } from './pieces.ts';

/** The HTML for `parse_mode: HTML`; at most 3,500 visible characters, every tag closed, nothing in it can ping. */
export function toHtml(message: Message, reader: Reader): string {
  const pieces = piecesOf(message, reader);
  const body = pieces.filter((piece) => !piece.folded);
  const folded = pieces.filter((piece) => piece.folded);
  const quote = folded.length > 0 ? `<blockquote expandable>${folded.map(tagged).join('')}</blockquote>` : '';
  return body.map(tagged).join('') + quote;
}

/** The text a reader sees of the HTML, without any form. */
export function toText(message: Message, reader: Reader): string {
  return piecesOf(message, reader)
    .map((piece) => piece.text)
    .join('');
}

/** For sending without a parse mode: as `toText`, with an invisible joint where a word would become live. */
export function toPlain(message: Message, reader: Reader): string {
  return toText(message, reader).replace(/([@/#$])(?=[\p{L}\p{N}_])/gu, '$1\u2060');
}

/** Text made harmless for HTML, attribute values included. */
function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function tagged(piece: Piece): string {
  const text = escapeHtml(piece.text);
  switch (piece.as) {
    case 'plain':
      return text;
    case 'bold':
      return `<b>${text}</b>`;
    case 'code':
      return `<code>${text}</code>`;
    case 'small':
      return `<i>${text}</i>`;
    default:
      return `<tg-time unix="${piece.as.unix}" format="${piece.as.format}">${text}</tg-time>`;
  }
}
