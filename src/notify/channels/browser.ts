// Channel: a browser or desktop, through the push service that the browser itself chose.
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import type { World } from '#operations/world.ts';
import type { Outbound } from '#outbound/fetch.ts';
import { bridge, brief } from '../bridge.ts';
import { type Channel, placed } from '../channel.ts';
import { vapidKeys } from '../vapid.ts';

const key = (bytes: number) =>
  z
    .string()
    .refine((text) => Buffer.from(text, 'base64url').length === bytes, `must be ${bytes} bytes in base64url`);
/** Whether something can be sealed for it: a point of the curve that all browsers use. */
const isPoint = (text: string) => {
  const bytes = Buffer.from(text, 'base64url');
  const [x, y] = [1, 33].map((at) => bytes.toString('base64url', at, at + 32));
  try {
    return (
      bytes[0] === 4 &&
      createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x!, y: y! }, format: 'jwk' }) !== null
    );
  } catch {
    return false;
  }
};
const params = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/, error: 'must be an address' })
    .max(2_000, 'must have at most 2,000 characters')
    .meta({
      label: 'Push address',
      hint: 'The page that /channels links to fills this in',
      input: 'browser',
    }),
  p256dh: key(65).refine(isPoint, 'must be a public key on the curve P-256').meta({
    label: 'Public key',
    hint: 'The page that /channels links to fills this in',
    input: 'browser',
  }),
  auth: key(16).meta({
    label: 'Secret',
    hint: 'The page that /channels links to fills this in',
    input: 'browser',
  }),
});

const example = {
  endpoint: 'https://push.example.org/send/abc123',
  p256dh: 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
  auth: Buffer.alloc(16, 1).toString('base64url'),
};
/** Below what one encrypted record holds. */
const mostLetters = 900;
const day = 86_400;

export function browserChannel({
  world,
  outbound,
  publicUrl,
}: {
  world: World;
  outbound: Outbound;
  publicUrl: string;
}): Channel {
  return {
    name: 'browser',
    title: 'Browser',
    address: placed,
    example: 'v_0browser',
    pace: () => ({ everyMs: 2_000, burst: 10 }),
    whole: null,
    edits: false,
    contact: { params, example, confirms: false, label: () => 'Browser' },
    async deliver(message, _address, how) {
      const read = params.safeParse(how.contact);
      if (!read.success)
        return { is: 'refused', why: 'nothing can be sealed with the keys it gave', disables: true };
      const { endpoint, p256dh, auth } = read.data;
      const payload = JSON.stringify({
        title: brief({ ...message, mark: null, lines: [] }, how, 200) || 'Tocsin',
        body: brief({ ...message, sign: '', title: '' }, how, mostLetters),
        // One notification for each alert: a newer one takes the place of the older.
        tag: how.about?.alert?.id ?? `msg_${how.about?.id}`,
        silent: message.silent,
        stays: message.severity === 'critical' && how.about?.kind !== 'over',
      });
      const { default: webPush } = await import('web-push');
      const { headers, body } = webPush.generateRequestDetails(
        { endpoint, keys: { p256dh, auth } },
        payload,
        {
          vapidDetails: { subject: subjectOf(publicUrl), ...(await vapidKeys(world)) },
          TTL: day,
          urgency: message.severity === 'critical' ? 'high' : 'normal',
        },
      );
      const asking = {
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      };
      return bridge(
        outbound,
        endpoint,
        { ...asking, body: body ?? '' },
        [endpoint, p256dh, auth],
        ({ status }) =>
          status === 404 || status === 410
            ? { is: 'refused', why: 'the browser no longer takes notifications', disables: true }
            : undefined,
        how.now,
      );
    },
  };
}

/** Push services want to know whom to write to; they take no plain http address. */
function subjectOf(publicUrl: string): string {
  return publicUrl.startsWith('https://') ? publicUrl : 'mailto:nobody@localhost.invalid';
}
