// Links in mails: signed, for one purpose, one receiver and one alert, and good for a while.
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface MailLink {
  /** What the press does. */
  to: 'acknowledge' | 'unsubscribe';
  receiverId: string;
  /** For `acknowledge`. */
  alertId: string;
  expiresAt: number;
}

/** Under which name the key of these links is kept. */
export const linkKeyName = 'mail-links';

/** The token of a link; the key is this installation's own. */
export function signLink(key: string, { to, receiverId, alertId, expiresAt }: MailLink): string {
  const body = Buffer.from(JSON.stringify([to, receiverId, alertId, expiresAt])).toString('base64url');
  return `${body}.${signatureOf(key, body)}`;
}

/** The link that was signed; undefined for anything else, and for what is too old. */
export function readLink(key: string, token: string, now: number): MailLink | undefined {
  const [body = '', signature = ''] = token.split('.');
  const [given, right] = [Buffer.from(signature), Buffer.from(signatureOf(key, body))];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const [to, receiverId, alertId, expiresAt] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  return expiresAt > now ? { to, receiverId, alertId, expiresAt } : undefined;
}

function signatureOf(key: string, body: string): string {
  return createHmac('sha256', key).update(`mail link ${body}`).digest('base64url');
}
