// A message taken apart into pieces of text with a form, before they become HTML: cutting here can break no tag.
import { cleanText } from '#core/clean.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import type { Message, Span } from '#core/message.ts';

export interface Piece {
  text: string;
  as: 'plain' | 'bold' | 'code' | 'small' | { unix: number; format: string };
  /** Inside the folded quote. */
  folded: boolean;
}

/** Whose clock the times are written in where Telegram does not show the reader's own. */
export interface Reader {
  zone: string;
  now: number;
}

/** Telegram counts UTF-16 units and takes 4,096; we stop earlier, so that a mark or a line fits in later. */
const mostVisible = 3500;
/** Telegram silently drops entities after the hundredth: text that must not ping would become live. */
const mostEntities = 90;

/** The pieces of the message, cut to what Telegram takes. */
export function piecesOf(message: Message, reader: Reader): Piece[] {
  return cut(allPieces(message, reader));
}

/** Whether nothing of it is cut off. */
export function fits(message: Message, reader: Reader): boolean {
  const all = allPieces(message, reader);
  const text = (pieces: Piece[]) => pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  return text(cut(all)) === text(all) && cut(all).length === all.length;
}

function allPieces(message: Message, reader: Reader): Piece[] {
  const all: Piece[] = [];
  const add = (text: string, as: Piece['as'], folded = false) => {
    if (text !== '') all.push({ text, as, folded });
  };
  const line = () => add(all.length > 0 ? '\n' : '', 'plain');
  if (message.mark) all.push(...guarded(oneLine(message.mark), 'small', false));
  if (message.sign !== '' || message.title !== '') {
    line();
    add(message.sign === '' ? '' : `${oneLine(message.sign)} `, 'plain');
    all.push(...guarded(oneLine(message.title), 'bold', false));
  }
  for (const [index, spans] of message.lines.entries()) {
    // A sign without a title stands before the first line: a preview shows little more.
    if (index > 0 || message.sign === '' || message.title !== '') line();
    for (const span of spans) all.push(...spanPieces(span, reader));
  }
  if (message.fields.length > 0) line();
  message.fields.forEach(([name, value], index) => {
    if (index > 0) add('\n', 'plain', true);
    all.push(...guarded(`${oneLine(name)}: `, 'plain', true), ...guarded(oneLine(value), 'plain', true));
  });
  return all;
}

/** One line of event text as it may be shown: no controls, no direction overrides, no half characters. */
export function oneLine(text: string): string {
  return cleanText(text)
    .replace(/[\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '')
    .replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ');
}

function spanPieces(span: Span, reader: Reader): Piece[] {
  if (typeof span === 'string') return guarded(oneLine(span), 'plain', false);
  if ('bold' in span) return guarded(oneLine(span.bold), 'bold', false);
  if ('code' in span) {
    const text = oneLine(span.code);
    return text === '' ? [] : [{ text, as: 'code', folded: false }];
  }
  const relative = span.show === 'relative';
  const clock = sayInstant(span.instant, reader.zone, reader.now);
  const text = relative ? `${sayDuration(reader.now - span.instant)} ago` : clock;
  const unix = Math.floor(span.instant / 1000);
  if (unix < 0 || unix > 99_999_999_999) return [{ text, as: 'plain', folded: false }];
  const format = relative ? 'r' : clock.includes(' ') ? 'wdt' : 't';
  return [{ text, as: { unix, format }, folded: false }];
}

/** Words that Telegram would make live (a name, a command, a tag, an address) are set apart as code. */
const live = /[@/#$\\]|[\p{L}\p{N}_-]\.\p{L}{2,}/u;

function guarded(text: string, as: 'plain' | 'bold' | 'small', folded: boolean): Piece[] {
  if (text === '') return [];
  if (!live.test(text)) return [{ text, as, folded }];
  const words = text.split(/(\s+)/).filter((word) => word !== '');
  if (words.filter((word) => live.test(word)).length > 3) return [{ text, as: 'code', folded }];
  const pieces: Piece[] = [];
  for (const word of words) {
    const form = live.test(word) ? 'code' : as;
    const last = pieces.at(-1);
    if (last?.as === form && form !== 'code') last.text += word;
    else pieces.push({ text: word, as: form, folded });
  }
  return pieces;
}

function cut(pieces: Piece[]): Piece[] {
  const kept: Piece[] = [];
  let visible = 0;
  let entities = 0;
  for (const piece of pieces) {
    entities += piece.as === 'plain' ? 0 : 1;
    const room = mostVisible - 1 - visible;
    if (piece.text.length <= room && entities <= mostEntities) {
      kept.push(piece);
      visible += piece.text.length;
      continue;
    }
    const head = entities > mostEntities ? '' : safeHead(piece.text, room);
    if (head !== '' && typeof piece.as === 'string') kept.push({ ...piece, text: head });
    kept.push({ text: '…', as: 'plain', folded: piece.folded });
    break;
  }
  return kept;
}

function safeHead(text: string, length: number): string {
  const head = text.slice(0, length);
  return /[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head;
}
