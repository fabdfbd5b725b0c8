// The other end of web push: a browser's keys, and how a browser reads what was encrypted for it (RFC 8291, RFC 8188).
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, verify } from 'node:crypto';

export interface Subscriber {
  p256dh: string;
  auth: string;
  /** The plain text of an encrypted body. */
  decrypt(body: Buffer): string;
}

/** A browser that subscribed. */
export function subscriber(): Subscriber {
  const own = createECDH('prime256v1');
  own.generateKeys();
  const auth = Buffer.from('0123456789abcdef');
  return {
    p256dh: own.getPublicKey('base64url'),
    auth: auth.toString('base64url'),
    decrypt(body) {
      const salt = body.subarray(0, 16);
      const idLength = body[20]!;
      const sender = body.subarray(21, 21 + idLength);
      const cipher = body.subarray(21 + idLength);
      const shared = own.computeSecret(sender);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), sender]);
      const ikm = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
      const key = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16));
      const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12));
      const opening = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(cipher.subarray(-16));
      const plain = Buffer.concat([opening.update(cipher.subarray(0, -16)), opening.final()]);
      // The last record ends with 2 and padding.
      return plain.subarray(0, plain.lastIndexOf(2)).toString('utf8');
    },
  };
}

/** The claims of a VAPID header when it is signed by the key that stands in it; throws otherwise. */
export function vapidClaims(authorization: string): { aud: string; sub: string; exp: number; key: string } {
  const { t, k } = Object.fromEntries(
    authorization
      .replace(/^vapid\s+/, '')
      .split(/,\s*/)
      .map((part) => part.split('=')),
  ) as { t: string; k: string };
  const point = Buffer.from(k, 'base64url');
  const key = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const [head, claims, signature] = t.split('.') as [string, string, string];
  const right = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!right) throw new Error('the VAPID header is not signed by its key');
  return { ...JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')), key: k };
}
