// Which tags Telegram's HTML has and what entity each of them becomes.

export interface HtmlTag {
  name: string;
  attributes: Map<string, string>;
}

/** An entity before its place in the text is known. */
export type EntityShape = { type: string } & Record<string, unknown>;

const plain: Record<string, string> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  span: 'spoiler',
  'tg-spoiler': 'spoiler',
};

const special = ['a', 'code', 'pre', 'blockquote', 'tg-emoji', 'tg-time'];

/** Whether Telegram knows this (lower-case) tag. */
export function isKnownTag(name: string): boolean {
  return Object.hasOwn(plain, name) || special.includes(name);
}

/** The entity of a closed tag; undefined where Telegram drops it (a link that is none, `code` inside `pre`). */
export function entityForTag(
  tag: HtmlTag,
  inner: string,
  parent: HtmlTag | undefined,
): EntityShape | undefined {
  const simple = plain[tag.name];
  if (simple) return { type: simple };
  switch (tag.name) {
    case 'a':
      return linkEntity(tag.attributes.get('href') || inner);
    case 'code':
      if (parent?.name !== 'pre') return { type: 'code' };
      passLanguage(tag, parent);
      return undefined;
    case 'pre': {
      const language = tag.attributes.get('language');
      return { type: 'pre', ...(language ? { language } : {}) };
    }
    case 'blockquote':
      return { type: tag.attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote' };
    case 'tg-emoji':
      return { type: 'custom_emoji', custom_emoji_id: tag.attributes.get('emoji-id') };
    default:
      return {
        type: 'date_time',
        unix_time: Number(tag.attributes.get('unix')),
        date_time_format: tag.attributes.get('format') ?? '',
      };
  }
}

function passLanguage(code: HtmlTag, pre: HtmlTag): void {
  const name = code.attributes.get('class');
  if (name?.startsWith('language-')) pre.attributes.set('language', name.slice('language-'.length));
}

function linkEntity(href: string): EntityShape | undefined {
  const mention = /^tg:\/\/user\?id=(\d+)$/i.exec(href);
  if (mention) {
    return { type: 'text_mention', user: { id: Number(mention[1]), is_bot: false, first_name: '' } };
  }
  const url = checkedUrl(href);
  return url === undefined ? undefined : { type: 'text_link', url };
}

/** The URL as Telegram keeps it, or undefined if it is none (http, https, tg and ton; a scheme may be missing). */
export function checkedUrl(href: string): string | undefined {
  const trimmed = href.trim();
  if (/^(tg|ton):/i.test(trimmed)) return trimmed;
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  if (!/^https?:\/\//i.test(full) || !URL.canParse(full)) return undefined;
  const url = new URL(full);
  const isHost = url.hostname.includes('.') || url.hostname === 'localhost' || url.hostname.startsWith('[');
  return isHost && !/\s/.test(full) ? url.href : undefined;
}
