// Who is pushing: keys looked up in the ledger and remembered for less than a second, so that a revocation is quick.
import { topicMatches } from '#core/topic.ts';
import { secretsOf } from '#operations/source-place.ts';
import type { World } from '#operations/world.ts';
import { keyHash, keyIds, sameHash } from '#store/key-text.ts';
import { findKeys, markKeyUsed, type Source } from '#store/sources.ts';
import type { Asked } from './asked.ts';

export interface Caller {
  keyId: string;
  source: Source;
  scopes: string[];
  topics: string[];
  /** By which its bodies have to be signed; none: they need not be. */
  secrets: string[];
}
export type Scope = 'ingest' | 'read' | 'admin';

export interface KeyBook {
  /**
   * The same for a key that was found a moment ago; undefined when the ledger has to be asked. `head`: the same object means
   * that the same text came before, on one connection.
   */
  recall(text: string, now: number, head?: object): Caller | undefined;
  /** The caller of this key's text, or undefined for one that is unknown, expired or revoked. Throws without a database. */
  find(text: string, now: number): Promise<Caller | undefined>;
}

const rememberedMs = 800;
const usedEveryMs = 60_000;
const most = 2_000;

interface Known {
  caller: Caller;
  expiresAt: number | null;
}

interface Remembered {
  until: number;
  caller: Promise<Known | undefined>;
  /** What the promise came to. */
  known?: Known | undefined;
}

/** Opens the book of keys. One per process. */
export function openKeyBook(world: World): KeyBook {
  const remembered = new Map<string, Remembered>();
  const usedAt = new Map<string, number>();
  const hashes = new WeakMap<object, string>();
  const hashOf = (text: string, head: object) => {
    const known = hashes.get(head);
    if (known !== undefined) return known;
    const hash = keyHash(text);
    hashes.set(head, hash);
    return hash;
  };

  function lookUp(text: string, hash: string, now: number): Remembered {
    const caller = readKey(world, text, hash, now);
    const entry: Remembered = { until: now + rememberedMs, caller };
    if (remembered.size >= most) remembered.clear();
    remembered.set(hash, entry);
    caller.then(
      (known) => {
        entry.known = known;
      },
      () => remembered.delete(hash),
    );
    return entry;
  }

  const isFresh = ({ until }: Remembered, now: number) => now < until && now >= until - rememberedMs;

  return {
    recall(text, now, head) {
      if (text.length < 16 || text.length > 500) return undefined;
      const entry = remembered.get(head ? hashOf(text, head) : keyHash(text));
      if (!entry?.known || !isFresh(entry, now)) return undefined;
      const { caller, expiresAt } = entry.known;
      const isNew = now - (usedAt.get(caller.keyId) ?? 0) >= usedEveryMs;
      return isNew || (expiresAt !== null && expiresAt <= now) ? undefined : caller;
    },
    async find(text, now) {
      if (text.length < 16 || text.length > 500) return undefined;
      const hash = keyHash(text);
      const known = remembered.get(hash);
      const fresh = known && isFresh(known, now);
      const found = await (fresh ? known : lookUp(text, hash, now)).caller;
      if (!found || (found.expiresAt !== null && found.expiresAt <= now)) return undefined;
      const { keyId } = found.caller;
      if (now - (usedAt.get(keyId) ?? 0) >= usedEveryMs) {
        usedAt.set(keyId, now);
        markKeyUsed(world.database.db, keyId, now).catch(() => usedAt.delete(keyId));
      }
      return found.caller;
    },
  };
}

async function readKey(world: World, text: string, hash: string, now: number) {
  const rows = await findKeys(world.database.db, keyIds(text));
  const row = rows.find(({ key }) => sameHash(key.hash, hash));
  if (!row || row.key.revokedAt !== null) return undefined;
  if (row.key.expiresAt !== null && row.key.expiresAt <= now) return undefined;
  const { id, scopes, topics, expiresAt } = row.key;
  const secrets = secretsOf(world.keyring, row.source, now);
  return { caller: { keyId: id, source: row.source, scopes, topics, secrets }, expiresAt };
}

/** The key's text in a request: the Authorization header (bearer, or as the password of basic), or `?key=`. */
export function keyIn(request: Pick<Asked, 'headers' | 'url'>): string | undefined {
  const header = request.headers.get('authorization');
  if (header !== null) return /^Bearer +(.*\S) *$/i.exec(header)?.[1] ?? passwordIn(header);
  const at = request.url.indexOf('?');
  if (at < 0) return undefined;
  return new URLSearchParams(request.url.slice(at + 1)).get('key') ?? undefined;
}

// Some systems have one field for a secret, and it is the user's name or the password.
function passwordIn(header: string): string | undefined {
  const coded = /^Basic +([\w+/=-]+) *$/i.exec(header)?.[1];
  if (coded === undefined) return undefined;
  const [user = '', ...password] = Buffer.from(coded, 'base64').toString('utf8').split(':');
  return password.join(':') || user;
}

/** Whether the caller's key has the scope; `admin` has them all. */
export function hasScope(caller: Caller, scope: Scope): boolean {
  return caller.scopes.includes(scope) || caller.scopes.includes('admin');
}

/** Whether the topic lies under one of the key's patterns. */
export function mayTouch(caller: Caller, topic: string): boolean {
  return caller.topics.some((pattern) => pattern === '**' || topicMatches(pattern, topic));
}
