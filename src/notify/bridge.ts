// What bridges to other messengers share: one request, its class when the messenger's own words do not decide, plain text.
import { lasting } from '#core/message.ts';
import type { Exchange } from '#core/notification.ts';
import type { Answer, Asking, Outbound } from '#outbound/fetch.ts';
import { toText } from '#telegram/html.ts';
import type { Delivered, Delivering, Told } from './channel.ts';
import { exchangeOf, retryAfter, sayStatus, unanswered } from './http-failure.ts';

/** A failure in the messenger's own words; undefined: the status decides. */
export type Classify = (answer: Answer) => Delivered | undefined;

/** One request. What was said stays out of the log: it is a person's. `hidden` is taken out of the answer. */
export async function bridge(
  outbound: Outbound,
  url: string,
  asking: Asking,
  hidden: string[],
  classify: Classify,
  now: number,
): Promise<Delivered> {
  const fetched = await outbound(url, { method: 'POST', ...asking });
  const { request, response } = exchangeOf({ method: 'POST', ...asking }, fetched, hidden);
  const exchange: Exchange = { request: { method: request.method, headers: {}, body: '' }, response };
  if (fetched.is !== 'answer') return { ...unanswered(fetched), exchange };
  return { ...(classify(fetched) ?? byStatus(fetched, now)), exchange };
}

/** 2xx is received; “slower” and a broken server are tried again; anything else ends this one message. */
export function byStatus({ status, headers }: Answer, now: number): Delivered {
  const why = sayStatus(status);
  if (status >= 200 && status < 300) return { is: 'sent', messageId: null };
  if (status === 429)
    return { is: 'retry', afterMs: Math.max(1_000, retryAfter(headers, now)), why, pauses: 'address' };
  if (status >= 500) return { is: 'unknown', why };
  return { is: 'refused', why, disables: false };
}

/** The answer as JSON, or undefined. */
export function jsonOf({ body }: Answer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** All of it as plain text, with what would ping somebody taken apart. */
export function plain(message: Told, how: Delivering): string {
  return toText(lasting(message), how).replace(/@(?=[\p{L}\p{N}_])/gu, '@\u2060');
}

/** The first words of it, without the folded fields. */
export function brief(message: Told, how: Delivering, most: number): string {
  const text = plain({ ...message, fields: [] }, how);
  return text.length <= most ? text : `${[...text].slice(0, most - 1).join('')}…`;
}

/** A body of JSON, with its header. */
export const json = (value: unknown) => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

/** `+49170…` with the middle left out. */
export const hiddenNumber = (number: string) => `${number.slice(0, 3)}…${number.slice(-2)}`;
