// Channel: ntfy, a topic on ntfy.sh or on a server of one's own.
import { z } from 'zod';
import type { Severity } from '#core/severity.ts';
import type { Outbound } from '#outbound/fetch.ts';
import { bridge, json, jsonOf, plain } from '../bridge.ts';
import { type Channel, placed } from '../channel.ts';

const params = z.strictObject({
  url: z
    .string()
    .regex(
      /^https?:\/\/[^\s/@]{1,250}(\/[\w.-]{1,64}){0,3}\/[-_A-Za-z0-9]{1,64}$/,
      'must be a server and a topic, such as https://ntfy.sh/ana-alerts-x7',
    )
    .meta({
      label: 'Topic',
      hint: 'Server and topic, as in the app: https://ntfy.sh/ana-alerts-x7',
      input: 'url',
    }),
  token: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must have no spaces')
    .optional()
    .meta({ label: 'Access token', hint: 'Only for a protected topic: tk_…', input: 'secret' }),
});

const urgency: Record<Severity, number> = { info: 2, warning: 3, critical: 5 };
/** Longer texts become an attachment there. */
const mostBytes = 4_000;

export function ntfyChannel({ outbound }: { outbound: Outbound }): Channel {
  return {
    name: 'ntfy',
    title: 'ntfy',
    address: placed,
    example: 'v_0ntfy',
    pace: () => ({ everyMs: 5_000, burst: 20 }),
    whole: null,
    edits: false,
    contact: {
      params,
      example: { url: 'https://ntfy.sh/ana-alerts-x7' },
      confirms: false,
      label: ({ url }) => new URL(String(url)).hostname,
    },
    async deliver(message, _address, how) {
      const { url, token } = params.parse(how.contact);
      const topic = url.slice(url.lastIndexOf('/') + 1);
      const asking = json({
        topic,
        title: plain({ ...message, mark: null, lines: [], fields: [] }, how).slice(0, 200) || 'Tocsin',
        message: cutBytes(plain({ ...message, sign: '', title: '' }, how).trim() || '…'),
        priority: message.silent ? 1 : urgency[message.severity],
      });
      const headers = { ...asking.headers, ...(token ? { authorization: `Bearer ${token}` } : {}) };
      return bridge(
        outbound,
        url.slice(0, url.lastIndexOf('/') + 1),
        { ...asking, headers },
        [topic, token ?? ''],
        (answer) => {
          if (answer.status === 401 || answer.status === 403)
            return {
              is: 'refused',
              why: 'the topic is protected: the token is wrong or missing',
              disables: true,
            };
          const id = jsonOf(answer)?.id;
          return answer.status === 200 && typeof id === 'string'
            ? { is: 'sent', messageId: null }
            : undefined;
        },
        how.now,
      );
    },
  };
}

function cutBytes(text: string): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
  const kept = Buffer.from(text)
    .subarray(0, mostBytes - 3)
    .toString('utf8');
  return `${kept.replace(/\ufffd+$/, '')}…`;
}
