// Sealing at rest: AES-256-GCM with keys that can be changed; a sealed text opens only in the row it was sealed for.
import { createCipheriv, createDecipheriv } from 'node:crypto';

export interface SealingKey {
  /** Stands before everything sealed with it. */
  id: string;
  /** 32 bytes. */
  bytes: Uint8Array;
}

/** Where a sealed text stands. It is bound to it: moved to another row or column it does not open. */
export interface Place {
  table: string;
  column: string;
  row: string;
}

export interface Keyring {
  /** The id of the key that seals; undefined when there is none. */
  active(): string | undefined;
  /** `iv`: 12 bytes of chance. Throws without a key. */
  seal(plain: string, place: Place, iv: Uint8Array): string;
  /** The text, or why it cannot be read. */
  open(sealed: string, place: Place): { ok: true; plain: string } | { ok: false; why: string };
}

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** The first key seals, every key opens. `reload` is asked once more when a key is unknown: it may be newer than this process. */
export function openKeyring(first: readonly SealingKey[], reload?: () => readonly SealingKey[]): Keyring {
  let keys = first;
  const find = (id: string) => keys.find((key) => key.id === id);
  return {
    active: () => keys[0]?.id,
    seal(plain, place, iv) {
      const [key] = keys;
      if (!key)
        throw new Error('There is no encryption key: set ENCRYPTION_KEYS, or DATA_DIR where it is kept.');
      const sealing = createCipheriv(cipher, key.bytes, iv.subarray(0, ivBytes)).setAAD(bound(place));
      const body = Buffer.concat([sealing.update(plain, 'utf8'), sealing.final()]);
      const whole = Buffer.concat([iv.subarray(0, ivBytes), sealing.getAuthTag(), body]);
      return `${key.id}:${whole.toString('base64url')}`;
    },
    open(sealed, place) {
      const colon = sealed.indexOf(':');
      const id = sealed.slice(0, Math.max(0, colon));
      if (!find(id) && reload) keys = reload();
      const key = find(id);
      if (!key)
        return { ok: false, why: `it is sealed with the key “${id.slice(0, 40)}”, which is not here` };
      const whole = Buffer.from(sealed.slice(colon + 1), 'base64url');
      if (whole.length < ivBytes + tagBytes) return { ok: false, why: 'it is cut short' };
      try {
        const opening = createDecipheriv(cipher, key.bytes, whole.subarray(0, ivBytes), {
          authTagLength: tagBytes,
        })
          .setAAD(bound(place))
          .setAuthTag(whole.subarray(ivBytes, ivBytes + tagBytes));
        const plain = Buffer.concat([opening.update(whole.subarray(ivBytes + tagBytes)), opening.final()]);
        return { ok: true, plain: plain.toString('utf8') };
      } catch {
        return {
          ok: false,
          why: 'it was changed, belongs to another row, or is sealed with another key of that name',
        };
      }
    },
  };
}

/** Whether it is sealed with the key that seals now. */
export function isSealedWith(sealed: string, keyId: string): boolean {
  return sealed.startsWith(`${keyId}:`);
}

export type KeysRead = { ok: true; keys: SealingKey[] } | { ok: false; wrong: string };

/** Reads `id:base64,id:base64`; lines of a file, too. A fault never repeats a key. */
export function readKeys(text: string): KeysRead {
  const keys: SealingKey[] = [];
  for (const one of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const [, id, secret] = /^([A-Za-z0-9_-]{1,40}):([A-Za-z0-9+/_-]+=*)$/.exec(one) ?? [];
    const bytes = Buffer.from((secret ?? '').replaceAll('-', '+').replaceAll('_', '/'), 'base64');
    if (id === undefined) return { ok: false, wrong: 'one of them is not of the form name:base64' };
    if (bytes.length !== 32)
      return { ok: false, wrong: `the key “${id}” has ${bytes.length} bytes instead of 32` };
    if (keys.some((key) => key.id === id)) return { ok: false, wrong: `there are two keys named “${id}”` };
    keys.push({ id, bytes });
  }
  return { ok: true, keys };
}

function bound({ table, column, row }: Place): Buffer {
  return Buffer.from(`${table}|${column}|${row}`, 'utf8');
}
