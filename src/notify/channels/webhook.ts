// Channel: a machine's HTTP endpoint, told every change of an alert in order, signed.
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { DeliveryOutcome } from '#core/notification.ts';
import type { ContactForm } from '#operations/channel-book.ts';
import type { Asking, Fetched, Outbound } from '#outbound/fetch.ts';
import { type About, type Channel, type Patience, placed, type Told } from '../channel.ts';
import { exchangeOf, retryAfter, sayStatus, unanswered } from '../http-failure.ts';
import { payloadOf } from '../webhook-payload.ts';

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];
const waits = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour];

/** Switched off after five days, before anything is given up; all that is for one endpoint waits together, and comes in order when it works again. */
const patience: Patience = {
  giveUpMs: 6 * day,
  mostUnknown: Number.POSITIVE_INFINITY,
  wait: (attempt, chance) => Math.round(waits[Math.min(attempt, waits.length) - 1]! * (0.8 + 0.4 * chance)),
  switchOffMs: 5 * day,
};

const params = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://example.org/hooks/tocsin' })
    .max(2_000, 'must have at most 2,000 characters')
    .meta({
      label: 'Address',
      hint: 'Where the messages are sent: https://example.org/hooks/tocsin',
      input: 'url',
    }),
});
const kept = params.extend({
  secret: z.string(),
  /** Good besides the new one until then. */
  previous: z.object({ secret: z.string(), until: z.number() }).optional(),
});

const newSecret = (chance: (bytes: number) => Uint8Array) =>
  `whsec_${Buffer.from(chance(32)).toString('base64')}`;

const contact: ContactForm = {
  params,
  example: { url: 'https://ci.example.org/hooks/tocsin' },
  confirms: false,
  label: ({ url }) => new URL(String(url)).hostname,
  complete(typed, chance) {
    const secret = newSecret(chance);
    return { contact: { ...typed, secret }, shown: { secret } };
  },
  renew(before, until, chance) {
    const secret = newSecret(chance);
    const previous = { secret: kept.parse(before).secret, until };
    return { contact: { ...before, secret, previous }, shown: { secret } };
  },
};

/** `link` is where people and machines reach this server. */
export function webhookChannel({ outbound, publicUrl }: { outbound: Outbound; publicUrl: string }): Channel {
  return {
    name: 'webhook',
    title: 'Webhook',
    address: placed,
    example: 'v_0webhook',
    pace: () => ({ everyMs: 50, burst: 20 }),
    whole: null,
    edits: false,
    contact: { ...contact, fault: async ({ url }) => outbound.fault?.(String(url)) },
    everyChange: true,
    patience,
    async deliver(message, _address, how) {
      const { url, secret, previous } = kept.parse(how.contact);
      const about = how.about!;
      const secrets = [secret, ...(previous && previous.until > how.now ? [previous.secret] : [])];
      const asking = asked(message, about, secrets, publicUrl, how.now);
      const fetched = await outbound(url, asking);
      return { ...outcomeOf(fetched, how.now), exchange: exchangeOf(asking, fetched, [url, ...secrets]) };
    },
  };
}

function asked(message: Told, about: About, secrets: string[], publicUrl: string, now: number): Asking {
  const payload = payloadOf(message, about, publicUrl);
  const body = JSON.stringify(payload);
  const id = `msg_${about.id}`;
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, new Date(now), body));
  const hub = createHmac('sha256', secrets[0]!).update(body).digest('hex');
  return {
    method: 'POST',
    body,
    timeoutMs: 10_000,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1000)),
      'webhook-signature': signatures.join(' '),
      'x-tocsin-event': payload.type,
      'x-tocsin-delivery': id,
      'x-tocsin-attempt': String(about.attempt),
      ...(about.firstTry === null
        ? {}
        : { 'x-tocsin-possible-repeat': new Date(about.firstTry).toISOString() }),
      'x-hub-signature-256': `sha256=${hub}`,
    },
  };
}

/** 2xx is received, 410 asks us to stop; anything else is tried again, a gateway's or a broken server's as perhaps received. */
export function outcomeOf(fetched: Fetched, now: number): DeliveryOutcome {
  if (fetched.is !== 'answer') return unanswered(fetched);
  const { status, headers } = fetched;
  const why = sayStatus(status);
  if (status >= 200 && status < 300) return { is: 'sent', messageId: null };
  if (status === 410) return { is: 'refused', why: 'it asked us to stop (HTTP 410)', disables: true };
  const after = retryAfter(headers, now);
  if (status === 429 || (status === 503 && after > 0))
    return { is: 'retry', afterMs: Math.max(after, second), why, pauses: 'address' };
  if (status >= 500) return { is: 'unknown', why };
  return { is: 'retry', afterMs: 0, why };
}
