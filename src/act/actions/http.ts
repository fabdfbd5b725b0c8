// Action: one signed request to an address that was declared, with values of the alert in it.
import { z } from 'zod';
import { type ActOutcome, fill, unknownName } from '#core/act.ts';
import { cleanText } from '#core/clean.ts';
import type { Asking, Fetched } from '#outbound/fetch.ts';
import type { ActionKind } from '../action.ts';
import { signed } from '../sign.ts';

const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const;
const mostKept = 1_000;

const template = z
  .string()
  .max(2_000, 'must have at most 2,000 characters')
  .refine((text) => unknownName(text) === undefined, {
    error: (issue) => `there is no {${unknownName(String(issue.input))}}; try {subject} or {labels.host}`,
  });

const params = z.strictObject({
  url: template
    .refine(hasPlainOrigin, 'must be an address such as https://ops.example.org/restart/{subject}')
    .meta({ label: 'Address', hint: 'https://ops.example.org/restart/{subject}', input: 'url' }),
  method: z.enum(methods).default('POST').meta({ label: 'Method', hint: 'POST unless told' }),
  data: z
    .record(z.string(), template)
    .default({})
    .meta({ label: 'Data', hint: 'Names and values that go with it; {subject} stands for the alert’s' }),
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(30)
    .default(10)
    .meta({ label: 'Patience', hint: 'Seconds until an answer' }),
});
type HttpParams = z.output<typeof params>;

export const http: ActionKind = {
  name: 'http',
  title: 'A signed HTTP request',
  params,
  example: { url: 'https://ops.example.org/restart/{subject}', data: { host: '{labels.host}' } },
  timeoutMs: (given) => params.parse(given).timeoutSeconds * 1000,
  plan(given, { id, action, alert, by, now }) {
    const { url, method, data } = params.parse(given);
    const address = fill(url, alert, encodePart);
    if (!address.ok) return address;
    const values: Record<string, string> = {};
    for (const [name, text] of Object.entries(data)) {
      const value = fill(text, alert, (one) => one);
      if (!value.ok) return value;
      values[name] = value.text;
    }
    if (method === 'GET') return { ok: true, request: { method, url: address.text, body: null } };
    const { title, topic, subject, status, severity, labels, fields, rev } = alert;
    const about = { id: alert.id, title, topic, subject, status, severity, labels, fields, revision: rev };
    const timestamp = new Date(now).toISOString();
    const body = JSON.stringify({
      type: 'action',
      id,
      timestamp,
      action,
      by: by.name,
      data: values,
      alert: about,
    });
    return { ok: true, request: { method, url: address.text, body } };
  },
  async run(request, doing) {
    const { id, attempt, secret, now } = doing;
    const body = request.body ?? '';
    const asking: Asking = {
      method: request.method as HttpParams['method'],
      timeoutMs: this.timeoutMs(doing.params),
      headers: {
        ...(request.body === null ? {} : { 'content-type': 'application/json' }),
        ...signed(id, body, secret, now),
        'x-tocsin-attempt': String(attempt),
      },
      ...(request.body === null ? {} : { body: request.body }),
    };
    return outcomeOf(await doing.outbound(request.url, asking));
  },
};

/** The scheme, the host and the port are the declaration's alone: no value of an alert can change where it goes. */
function hasPlainOrigin(url: string): boolean {
  const [, origin = ''] = /^(https?:\/\/[^/?#\\{}]+)(?=[/?#]|$)/.exec(url) ?? [];
  return origin !== '' && URL.canParse(origin) && !/[\s\\#]/.test(url);
}

/** Written so that it stays one part of the address; a part of dots alone would be read as a way up. */
function encodePart(value: string): string | undefined {
  const text = cleanText(value);
  return text === '' || /^\.+$/.test(text) || text.length > 500 ? undefined : encodeURIComponent(text);
}

/** 2xx is done. A gateway's answer says nothing about what is behind it; any other status is the other side's no. */
export function outcomeOf(fetched: Fetched): ActOutcome {
  if (fetched.is === 'refused') return { is: 'failed', text: `it may not be asked: ${fetched.why}` };
  if (fetched.is === 'failed')
    return fetched.wrote
      ? { is: 'unknown', text: fetched.why }
      : { is: 'failed', text: `nothing was sent: ${fetched.why}`, again: true };
  const { status, body, ms } = fetched;
  const answer = { status, body: cleanText(body.toString('utf8').slice(0, mostKept)), ms };
  const text = `it answered HTTP ${status}`;
  if (status >= 200 && status < 300) return { is: 'done', text, answer };
  return [408, 502, 504].includes(status)
    ? { is: 'unknown', text, answer }
    : { is: 'failed', text, answer, again: status === 429 || status === 503 };
}
