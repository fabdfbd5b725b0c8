// How the operator's text message gateway is asked: a template of address, headers and body, filled without surprises.
import { z } from 'zod';
import type { Asking } from '#outbound/fetch.ts';

const template = z.strictObject({
  url: z.string().regex(/^https?:\/\//, 'must begin with https:// or http://'),
  method: z.enum(['GET', 'POST', 'PUT']).default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  /** Words that stand in the answer when it was taken; without them the status decides. */
  success: z.string().optional(),
});

type Values = { to: string; text: string; id: string };

export interface SmsGateway {
  fill(values: Values): { url: string; asking: Asking };
  /** Stands in the answer when it was taken. */
  success?: string;
  /** Header values, for hiding them. */
  secrets: string[];
}

export type GatewayRead = { ok: true; gateway: SmsGateway } | { ok: false; wrong: string };

/**
 * Reads `{"url":…,"headers":{…},"body":"to={to}&text={text}"}`. `{to}`, `{text}` and `{id}` are written as the place needs it:
 * inside the address and forms percent-encoded, inside JSON as the inside of a text.
 */
export function readGateway(text: string): GatewayRead {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { ok: false, wrong: 'it is not JSON' };
  }
  const read = template.safeParse(given);
  if (!read.success) {
    return { ok: false, wrong: sayIssue(read.error.issues[0]!) };
  }
  const { url, method, headers, body, success } = read.data;
  if (!`${url}${body}`.includes('{to}') || !`${url}${body}`.includes('{text}'))
    return { ok: false, wrong: 'url or body must hold {to} and {text}' };
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const isJson = /json/i.test(type) || (type === '' && body.trim().startsWith('{'));
  const inside = isJson ? (value: string) => JSON.stringify(value).slice(1, -1) : encodeURIComponent;
  const usual = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    ok: true,
    gateway: {
      fill: (values) => ({
        url: filled(url, values, encodeURIComponent),
        asking: {
          method,
          headers: type === '' && body !== '' ? { 'content-type': usual, ...headers } : headers,
          ...(body === '' ? {} : { body: filled(body, values, inside) }),
        },
      }),
      ...(success === undefined ? {} : { success }),
      secrets: Object.values(headers),
    },
  };
}

function sayIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `“${issue.keys[0]!.slice(0, 30)}” is none of ${Object.keys(template.shape).join(', ')}`;
  const place = issue.path.join('.');
  return place === '' ? 'it must be an object, {…}' : `${place} ${issue.message}`;
}

// In one pass: what was filled in is never looked at again.
function filled(text: string, values: Values, write: (value: string) => string): string {
  return text.replace(/\{(to|text|id)\}/g, (_, name: keyof Values) => write(values[name]));
}
