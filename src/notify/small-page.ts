// A page of our own behind a link: small, kept nowhere, found by no search, and allowed only what it needs.
import { pageIcon } from '#core/page-icon.ts';
import { escapeHtml } from './mail.ts';

export interface SmallPage {
  title: string;
  /** HTML. */
  body: string;
  /** Of the body, each with a space before it. */
  attributes?: string;
  /** Rules beside those that every page has. */
  style?: string;
  /** What it may do beside having its styles, as a content security policy says it. */
  may: string;
}

/** The page as an answer; `body` is HTML that is safe already. */
export function smallPage(
  status: number,
  { title, body, attributes = '', style = '', may }: SmallPage,
): Response {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title>${pageIcon}
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}
button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.5rem;background:#1f6feb;color:#fff;cursor:pointer}${style}</style></head>
<body${attributes}>${body}</body></html>`;
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; ${may}; frame-ancestors 'none'; base-uri 'none'`,
    },
  });
}
