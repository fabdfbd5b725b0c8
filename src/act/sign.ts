// Standard Webhooks' signature: the receiver can tell that it is ours, fresh, and which act it is.
import { createHmac } from 'node:crypto';

/** `secret`: `whsec_` and base64. The id is the same over every attempt at an act. */
export function signed(id: string, body: string, secret: string, now: number): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  };
}
