// From what a bot sent to what a chat shows: parsing, cleaning, trimming and finding commands, names and links.
import type { MessageEntity, User } from '@grammyjs/types';
import { badRequest } from './errors.ts';
import { parseHtml } from './html-entities.ts';
import { checkedUrl } from './html-tags.ts';
import type { Params } from './params.ts';
import { readJson, readText } from './params.ts';

export interface FormattedText {
  text: string;
  entities: MessageEntity[];
}

/** Reads text with parse_mode or entities; throws Telegram's refusal. `names` are the parameters to read. */
export function formattedText(
  params: Params,
  names: { text: string; entities: string },
  userOf: (id: number) => User | undefined,
): FormattedText {
  const raw = readText(params, names.text) ?? '';
  const mode = readText(params, 'parse_mode')?.toLowerCase();
  const given = readJson(params, names.entities);
  if (mode !== undefined && mode !== '' && mode !== 'none') {
    if (mode !== 'html') throw badRequest('unsupported parse_mode');
    const parsed = parseHtml(raw);
    if (!parsed.ok) throw badRequest(`can't parse entities: ${parsed.reason}`);
    return finish(parsed.text, parsed.entities, userOf);
  }
  return finish(raw, given === undefined ? [] : checkedEntities(given, raw), userOf);
}

/** What Telegram makes of text that a person typed: commands, mentions and links found, edges trimmed. */
export function typedText(text: string): FormattedText {
  return finish(text, [], () => undefined);
}

function finish(
  text: string,
  entities: MessageEntity[],
  userOf: (id: number) => User | undefined,
): FormattedText {
  const known = entities.flatMap((entity): MessageEntity[] => {
    if (entity.type !== 'text_mention') return [entity];
    const user = userOf(entity.user.id);
    return user ? [{ ...entity, user }] : [];
  });
  const trimmed = trim(clean({ text, entities: known }));
  const kept = withoutForbiddenNesting(trimmed.entities);
  const all = [...kept, ...autoEntities(trimmed.text, kept)];
  return { text: trimmed.text, entities: sorted(all).slice(0, 100) };
}

const sorted = (entities: MessageEntity[]) =>
  entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);

/** Telegram turns control characters into spaces and removes carriage returns and direction overrides. */
function clean({ text, entities }: FormattedText): FormattedText {
  if (!/[\x00-\x08\x0b-\x1f\u2028-\u202e]/.test(text)) return { text, entities };
  const place: number[] = [];
  let out = '';
  for (const unit of text.split('')) {
    place.push(out.length);
    if (unit === '\r' || /[\u2028-\u202e]/.test(unit)) continue;
    out += /[\x00-\x08\x0b-\x1f]/.test(unit) ? ' ' : unit;
  }
  place.push(out.length);
  const moved = entities.map((entity) => {
    const offset = place[entity.offset]!;
    return { ...entity, offset, length: place[entity.offset + entity.length]! - offset };
  });
  return { text: out, entities: moved.filter((entity) => entity.length > 0) };
}

function trim({ text, entities }: FormattedText): FormattedText {
  const short = text.trimEnd();
  const lead = short.length - short.trimStart().length;
  const end = short.length;
  const moved = entities.flatMap((entity) => {
    const from = Math.max(entity.offset, lead);
    const to = Math.min(entity.offset + entity.length, end);
    return to > from ? [{ ...entity, offset: from - lead, length: to - from }] : [];
  });
  return { text: short.slice(lead), entities: moved };
}

const within = (inner: MessageEntity, outer: MessageEntity) =>
  inner !== outer &&
  inner.offset >= outer.offset &&
  inner.offset + inner.length <= outer.offset + outer.length;

const isQuote = (entity: MessageEntity) => entity.type.endsWith('blockquote');

/** Nothing lives inside code and pre but a quote around them; a quote lives in no quote. */
function withoutForbiddenNesting(entities: MessageEntity[]): MessageEntity[] {
  const order = sorted(entities);
  return order.filter((entity, index) => {
    const around = order.filter(
      (other, at) => within(entity, other) && (other.length > entity.length || at < index),
    );
    if (isQuote(entity) && around.some(isQuote)) return false;
    return !around.some((other) => other.type === 'code' || other.type === 'pre');
  });
}

const finders: { type: 'bot_command' | 'mention' | 'url' | 'hashtag'; pattern: RegExp }[] = [
  { type: 'url', pattern: /(?<![\w@])(?:https?:\/\/|t\.me\/)[^\s<>"']*[^\s<>"'.,;:!?)\]]/gi },
  { type: 'bot_command', pattern: /(?<![\w/<>@.:-])\/[a-z0-9_]{1,64}(?:@[a-z][a-z0-9_]{2,31})?(?![\w/@])/gi },
  { type: 'mention', pattern: /(?<![\w/])@[a-z][a-z0-9_]{2,31}(?!\w)/gi },
  { type: 'hashtag', pattern: /(?<![\w#&/])#\p{L}[\p{L}\p{N}_]*/gu },
];

function autoEntities(text: string, kept: MessageEntity[]): MessageEntity[] {
  const closed = kept.filter((entity) => ['code', 'pre', 'text_link', 'text_mention'].includes(entity.type));
  const found: MessageEntity[] = [];
  for (const { type, pattern } of finders) {
    for (const match of text.matchAll(pattern)) {
      const offset = match.index;
      const end = offset + match[0].length;
      const taken = [...closed, ...found].some((e) => offset < e.offset + e.length && end > e.offset);
      if (!taken) found.push({ type, offset, length: match[0].length });
    }
  }
  return found;
}

const allowedTypes = new Set(
  'mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time'.split(
    ' ',
  ),
);
const automatic = new Set('mention hashtag cashtag bot_command url email phone_number'.split(' '));

function checkedEntities(given: unknown, text: string): MessageEntity[] {
  if (!Array.isArray(given)) throw badRequest("can't parse entities: expected an Array of MessageEntity");
  return given.flatMap((raw: unknown): MessageEntity[] => {
    if (typeof raw !== 'object' || raw === null) {
      throw badRequest("can't parse MessageEntity: expected an Object");
    }
    const entity = raw as MessageEntity;
    if (!allowedTypes.has(entity.type)) {
      throw badRequest("can't parse MessageEntity: Unsupported type specified");
    }
    if (!Number.isInteger(entity.offset) || !Number.isInteger(entity.length)) {
      throw badRequest('can\'t parse MessageEntity: Can\'t find field "offset"');
    }
    if (entity.offset < 0 || entity.length <= 0 || entity.offset >= text.length) return [];
    if (automatic.has(entity.type)) return [];
    const length = Math.min(entity.length, text.length - entity.offset);
    if (splitsPair(text, entity.offset) || splitsPair(text, entity.offset + length)) {
      throw badRequest('entity begins or ends in a middle of a UTF-16 surrogate pair');
    }
    if (entity.type === 'text_link') {
      const url = checkedUrl(String(entity.url));
      return url === undefined ? [] : [{ ...entity, url, length }];
    }
    return [{ ...entity, length }];
  });
}

function splitsPair(text: string, at: number): boolean {
  return /[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1] ?? '');
}
