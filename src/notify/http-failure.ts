// What a request over HTTP came to when there was no answer, and what of an exchange may be kept.
import { cleanText } from '#core/clean.ts';
import { cut } from '#core/cut.ts';
import type { DeliveryOutcome, Exchange } from '#core/notification.ts';
import type { Asking, Fetched } from '#outbound/fetch.ts';

const mostKept = 1_000;

/** Without an answer: surely not received, or perhaps. The address may have been forbidden since it was typed. */
export function unanswered(fetched: Exclude<Fetched, { is: 'answer' }>): DeliveryOutcome {
  if (fetched.is === 'failed' && fetched.wrote) return { is: 'unknown', why: fetched.why };
  return { is: 'retry', afterMs: 0, why: fetched.why };
}

/** `Retry-After` in milliseconds, at most a day; 0 without one. */
export function retryAfter(headers: Record<string, string>, now: number): number {
  const text = headers['retry-after']?.trim() ?? '';
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(86_400_000, Math.max(0, ms)) : 0;
}

/** The exchange for the log: without the address, and with what is private taken out of both sides. */
export function exchangeOf(asking: Asking, fetched: Fetched, secret: readonly string[]): Exchange {
  const hide = (text: string) =>
    secret
      .filter((one) => one.length > 3)
      .reduce((shown, one) => shown.replaceAll(one, '…'), cleanText(text));
  const headers = Object.entries(asking.headers ?? {}).filter(
    ([name]) => !/authorization|signature/i.test(name),
  );
  return {
    request: {
      method: asking.method ?? 'GET',
      headers: Object.fromEntries(headers.map(([name, value]) => [name, hide(value)])),
      body: cut(hide(String(asking.body ?? '')), 20_000),
    },
    response:
      fetched.is === 'answer'
        ? {
            status: fetched.status,
            body: cut(hide(fetched.body.toString('utf8')), mostKept),
            ms: fetched.ms,
          }
        : null,
  };
}

/** `HTTP 503`, with what the answer's first line says, for people. */
export function sayStatus(status: number): string {
  if (status === 401 || status === 403) return `it does not let us in (HTTP ${status})`;
  if (status === 404) return 'there is nothing at this address (HTTP 404)';
  if (status === 429) return 'it asks us to be slower (HTTP 429)';
  if (status >= 300 && status < 400)
    return `it points elsewhere (HTTP ${status}), and redirects are not followed`;
  return `it answers HTTP ${status}`;
}
