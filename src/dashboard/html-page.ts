// A page as text: what is put into the markup is escaped, and the headers allow nothing that is not named.
import { pageIcon } from '#core/page-icon.ts';

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Markup that was made here. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** `markup\`<b>${anything}</b>\``: texts are escaped, markup is taken as it is, lists are put together. */
export function markup(parts: TemplateStringsArray, ...values: unknown[]): Markup {
  return new Markup(parts.map((part, i) => (i === 0 ? part : textOf(values[i - 1]) + part)).join(''));
}

function textOf(value: unknown): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (value === undefined || value === null || value === false) return '';
  return String(value).replace(/[&<>"']/g, (sign) => signs[sign]!);
}

export interface PageLook {
  /** Of the body. */
  attributes?: Markup;
  /** Where the style sheet is. */
  style: string;
  /** What may be loaded, besides pictures and nothing. */
  csp: string;
  headers?: [string, string][];
}

/** The page as an answer, kept nowhere. */
export function htmlPage(status: number, title: string, body: Markup, look: PageLook): Response {
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${title} · Tocsin</title>
${new Markup(pageIcon)}<link rel="stylesheet" href="${look.style}"></head>
<body ${look.attributes}>${body}</body></html>`;
  const headers = new Headers({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'content-security-policy': `default-src 'none'; ${look.csp}; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  });
  for (const [name, value] of look.headers ?? []) headers.append(name, value);
  return new Response(page.text, { status, headers });
}
