// Telegram HTML made in one place: everything put into a text is escaped, unless it was made here.
import { cleanText } from '#core/clean.ts';

/** A piece of text that is safe to send with parse_mode HTML. */
export class Html {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

type Part = Html | string | number | Part[];

/** A text with values put in: strings are escaped, pieces made here are kept, lists are joined. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  return new Html(strings.reduce((text, piece, i) => text + write(values[i - 1]!) + piece));
}

/** Set apart as code: what came from outside goes in here, so that no `/command` or `@name` in it becomes a link. */
export function code(text: string | number, length = 60): Html {
  return new Html(`<code>${safe(short(String(text), length))}</code>`);
}

/** In bold. */
export function bold(part: Part): Html {
  return new Html(`<b>${write(part)}</b>`);
}

/** The lines under each other; undefined ones are left out. */
export function lines(...parts: (Html | undefined | false)[]): Html {
  const kept = parts.filter((part): part is Html => part !== undefined && part !== false);
  return new Html(kept.map(write).join('\n'));
}

/** Folded away until it is tapped. */
export function fold(parts: Html[]): Html {
  return new Html(`<blockquote expandable>${parts.map(write).join('\n')}</blockquote>`);
}

/** What a reader sees: no tags, no character references. */
export function plainOf({ source }: Html): string {
  return source
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}

/** Cut to a length that fits, with an ellipsis; never through a surrogate pair. */
export function short(text: string, length = 60): string {
  const letters = [...tame(text).replace(/\s+/g, ' ').trim()];
  return letters.length > length ? `${letters.slice(0, length - 1).join('')}…` : letters.join('') || '·';
}

function write(part: Part): string {
  if (part instanceof Html) return part.source;
  return Array.isArray(part) ? part.map(write).join('') : safe(String(part));
}

function safe(text: string): string {
  return tame(text).replace(/[&<>"]/g, (sign) => `&${names[sign]};`);
}

const names: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };

// Control characters break messages; direction overrides let a name rewrite the line it stands in.
function tame(text: string): string {
  return cleanText(text).replace(/[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
}
