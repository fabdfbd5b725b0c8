// Signatures on the raw body: whether what came was written by somebody who knows the source's secret.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Asked } from './asked.ts';

/** Standard Webhooks asks receivers for a window, so that what was overheard cannot be sent again later. */
const windowMs = 5 * 60_000;

export type Signed =
  /** `id`: the signed name of the delivery, the same when it is tried again. */
  { ok: true; id?: string } | { ok: false; why: string };

type Check = (secrets: readonly string[], headers: Asked['headers'], body: Uint8Array, now: number) => Signed;

const mac = (key: string | Buffer, ...parts: (string | Uint8Array)[]) => {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
};
const wrong = (header: string): Signed => ({
  ok: false,
  why: `${header} does not fit this body and secret.`,
});

/** HMAC-SHA256 of the body as hex: GitHub (with `sha256=` before it), Sentry, Grafana. */
const hexOf =
  (header: string): Check =>
  (secrets, headers, body) => {
    const given = Buffer.from(
      headers
        .get(header)!
        .trim()
        .replace(/^sha256=/i, ''),
      'hex',
    );
    return secrets.some((secret) => same(mac(secret, body), given)) ? { ok: true } : wrong(header);
  };

/** GitLab sends the secret itself. */
const token: Check = (secrets, headers) => {
  const given = digest(headers.get('x-gitlab-token')!);
  return secrets.some((secret) => same(digest(secret), given)) ? { ok: true } : wrong('X-Gitlab-Token');
};

/** Standard Webhooks: the id and the time are signed with the body; several signatures during a rotation. */
const standard: Check = (secrets, headers, body, now) => {
  const [id, time] = [headers.get('webhook-id'), headers.get('webhook-timestamp')];
  if (!id || !time)
    return { ok: false, why: 'webhook-id and webhook-timestamp are needed beside webhook-signature.' };
  if (!/^\d{1,12}$/.test(time))
    return { ok: false, why: 'webhook-timestamp must be whole seconds since 1970, such as 1777897800.' };
  if (Math.abs(now - Number(time) * 1_000) > windowMs)
    return { ok: false, why: 'webhook-timestamp is more than 5 minutes away from now.' };
  const given = headers
    .get('webhook-signature')!
    .split(' ')
    .slice(0, 10)
    .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []));
  const fits = secrets.some((secret) => {
    const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
    const expected = mac(key, `${id}.${time}.`, body);
    return given.some((one) => same(expected, one));
  });
  return fits ? { ok: true, id } : wrong('webhook-signature');
};

/** The schemes by their header; the first that is there counts. */
const schemes: readonly [string, Check][] = [
  ['webhook-signature', standard],
  ['x-hub-signature-256', hexOf('x-hub-signature-256')],
  ['sentry-hook-signature', hexOf('sentry-hook-signature')],
  ['x-grafana-alerting-signature', hexOf('x-grafana-alerting-signature')],
  ['x-gitlab-token', token],
];

/** Whether the body bears a signature made with one of the secrets. */
export function checkSignature(
  secrets: readonly string[],
  headers: Asked['headers'],
  body: Uint8Array,
  now: number,
): Signed {
  const scheme = schemes.find(([header]) => headers.get(header) !== null);
  if (scheme) return scheme[1](secrets, headers, body, now);
  const known = schemes.map(([header]) => header).join(', ');
  return {
    ok: false,
    why: `This source takes signed bodies only; one of these headers is needed: ${known}.`,
  };
}

function digest(text: string): Buffer {
  return mac('', text);
}

function same(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
