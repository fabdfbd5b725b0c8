// Telegram's HTML, parsed as strictly as Telegram does: text and entities, or the reason it is refused.
import type { MessageEntity } from '@grammyjs/types';
import { type EntityShape, entityForTag, type HtmlTag, isKnownTag } from './html-tags.ts';

export type Parsed = { ok: true; text: string; entities: MessageEntity[] } | { ok: false; reason: string };

interface OpenTag extends HtmlTag {
  textStart: number;
}

class Refused extends Error {}

const spaces = /\s/;

/** Parses Telegram HTML; offsets of entities count UTF-16 units, offsets in reasons count UTF-8 bytes. */
export function parseHtml(source: string): Parsed {
  try {
    return { ok: true, ...parse(source) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, reason: error.message };
    throw error;
  }
}

function parse(source: string): { text: string; entities: MessageEntity[] } {
  const open: OpenTag[] = [];
  const found: (EntityShape & { offset: number; length: number })[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const char = source[at];
    if (char === '&') {
      const decoded = decodeReference(source, at);
      text += decoded?.text ?? '&';
      at += decoded?.length ?? 1;
    } else if (char !== '<') {
      text += char;
      at += 1;
    } else if (source[at + 1] === '/') {
      const top = open.pop();
      if (!top) throw new Refused(`Unexpected end tag at byte offset ${bytes(source, at)}`);
      at = readEndTag(source, at, top.name);
      const length = text.length - top.textStart;
      const shape = length > 0 ? entityForTag(top, text.slice(top.textStart), open.at(-1)) : undefined;
      if (shape) found.push({ ...shape, offset: top.textStart, length });
    } else {
      const tag = readStartTag(source, at);
      at = tag.end;
      open.push({ name: tag.name, attributes: tag.attributes, textStart: text.length });
    }
  }
  const unclosed = open.at(-1);
  if (unclosed) throw new Refused(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  return { text, entities: found as MessageEntity[] };
}

function readEndTag(source: string, start: number, expected: string): number {
  let at = start + 2;
  while (at < source.length && source[at] !== '>' && !spaces.test(source[at]!)) at += 1;
  const name = source.slice(start + 2, at).toLowerCase();
  while (at < source.length && spaces.test(source[at]!)) at += 1;
  if (source[at] !== '>') throw new Refused(`Unclosed end tag at byte offset ${bytes(source, start)}`);
  if (name !== '' && name !== expected) {
    throw new Refused(
      `Unmatched end tag at byte offset ${bytes(source, start)}, expected "</${expected}>", found "</${name}>"`,
    );
  }
  return at + 1;
}

function readStartTag(source: string, start: number): HtmlTag & { end: number } {
  const offset = () => bytes(source, start);
  let at = start + 1;
  while (at < source.length && source[at] !== '>' && !spaces.test(source[at]!)) at += 1;
  if (at >= source.length) throw new Refused(`Unclosed start tag at byte offset ${offset()}`);
  const name = source.slice(start + 1, at).toLowerCase();
  if (!isKnownTag(name)) throw new Refused(`Unsupported start tag "${name}" at byte offset ${offset()}`);
  const attributes = new Map<string, string>();
  const skipSpaces = () => {
    while (at < source.length && spaces.test(source[at]!)) at += 1;
    if (at >= source.length) throw new Refused(`Unclosed start tag "${name}" at byte offset ${offset()}`);
  };
  for (;;) {
    skipSpaces();
    if (source[at] === '>') break;
    const from = at;
    while (at < source.length && !/[\s=>]/.test(source[at]!)) at += 1;
    if (at === from)
      throw new Refused(`Empty attribute name in the tag "${name}" at byte offset ${offset()}`);
    const key = source.slice(from, at).toLowerCase();
    skipSpaces();
    if (source[at] !== '=') {
      attributes.set(key, '');
      continue;
    }
    at += 1;
    skipSpaces();
    const value = readValue(source, at, offset);
    at = value.end;
    attributes.set(key, value.text);
  }
  const missing = missingAttribute(name, attributes);
  if (missing) throw new Refused(`Tag "${name}" must have ${missing} at byte offset ${offset()}`);
  return { name, attributes, end: at + 1 };
}

function missingAttribute(name: string, attributes: Map<string, string>): string | undefined {
  if (name === 'span' && attributes.get('class') !== 'tg-spoiler') return 'class "tg-spoiler"';
  if (name === 'tg-emoji' && !/^\d{1,20}$/.test(attributes.get('emoji-id') ?? ''))
    return 'a valid "emoji-id"';
  if (name !== 'tg-time') return undefined;
  if (!/^\d{1,11}$/.test(attributes.get('unix') ?? '')) return 'a valid "unix" time';
  return /^(r|w?[dD]?[tT]?)$/.test(attributes.get('format') ?? '') ? undefined : 'a valid "format"';
}

function readValue(source: string, start: number, offset: () => number): { text: string; end: number } {
  const quote = source[start];
  if (quote !== '"' && quote !== "'") {
    const token = /^[a-z0-9.-]*/i.exec(source.slice(start))![0];
    const end = start + token.length;
    const next = source[end];
    if (next === undefined || (next !== '>' && !spaces.test(next))) {
      throw new Refused(`Unexpected end of name token at byte offset ${bytes(source, start)}`);
    }
    return { text: token.toLowerCase(), end };
  }
  const end = source.indexOf(quote, start + 1);
  if (end < 0) throw new Refused(`Unclosed start tag at byte offset ${offset()}`);
  return { text: decodeAll(source.slice(start + 1, end)), end: end + 1 };
}

function decodeAll(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; ) {
    const decoded = text[at] === '&' ? decodeReference(text, at) : undefined;
    out += decoded?.text ?? text[at];
    at += decoded?.length ?? 1;
  }
  return out;
}

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** The character behind `&...;`, or undefined when Telegram would leave it as it stands (`&nbsp;`). */
function decodeReference(source: string, at: number): { text: string; length: number } | undefined {
  const match = /^&(?:#x([0-9a-f]{1,8})|#(\d{1,10})|([a-z]{1,8}));?/i.exec(source.slice(at, at + 16));
  if (!match) return undefined;
  const [whole, hex, decimal, name] = match;
  if (name !== undefined) {
    const text = Object.hasOwn(named, name) ? named[name] : undefined;
    return text === undefined ? undefined : { text, length: whole.length };
  }
  const code = hex === undefined ? Number.parseInt(decimal!, 10) : Number.parseInt(hex, 16);
  if (code === 0 || code >= 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return { text: String.fromCodePoint(code), length: whole.length };
}

function bytes(source: string, at: number): number {
  return Buffer.byteLength(source.slice(0, at));
}
