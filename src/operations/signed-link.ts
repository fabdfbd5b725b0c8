// Links that do one thing for whoever holds them: signed, for one purpose, and good for a while.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { keepSecret } from '#store/secrets.ts';
import type { World } from './world.ts';

export interface SignedLink {
  /** What the press does. */
  to: 'acknowledge' | 'unsubscribe' | 'browser';
  /** The receiver, or for `browser` the owner. */
  who: string;
  /** The alert, or all that one message tells (`toldIn`), or for `browser` what makes the link good only once. */
  what: string;
  expiresAt: number;
}

/** What a link means that stands for every alert of one message. */
export const toldIn = (notificationId: number) => `told:${notificationId}`;

/** The message; undefined when the link stands for one alert. */
export function messageOf({ what }: SignedLink): number | undefined {
  const id = /^told:(\d{1,15})$/.exec(what)?.[1];
  return id === undefined ? undefined : Number(id);
}

/** This installation's own key for them, sealed in the ledger. */
export function linkKey({ database, keyring, chance }: World): Promise<string> {
  const make = () => Buffer.from(chance(32)).toString('base64url');
  return keepSecret(database.db, keyring, 'links', make, chance);
}

/** The token of a link. */
export function signLink(key: string, { to, who, what, expiresAt }: SignedLink): string {
  const body = Buffer.from(JSON.stringify([to, who, what, expiresAt])).toString('base64url');
  return `${body}.${signatureOf(key, body)}`;
}

/** The link that was signed; undefined for anything else, and for what is too old. */
export function readLink(key: string, token: string, now: number): SignedLink | undefined {
  if (token.length > 1_000) return undefined;
  const [body = '', signature = ''] = token.split('.');
  const [given, right] = [Buffer.from(signature), Buffer.from(signatureOf(key, body))];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const [to, who, what, expiresAt] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  return expiresAt > now ? { to, who, what, expiresAt } : undefined;
}

function signatureOf(key: string, body: string): string {
  return createHmac('sha256', key).update(`link ${body}`).digest('base64url');
}
