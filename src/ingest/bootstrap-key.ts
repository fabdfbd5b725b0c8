// The key from the environment: valid from the first start, so that a first event needs no other step.
import type { World } from '#operations/world.ts';
import type { Tx } from '#store/connection.ts';
import { givenKeyId, givenPrefix, keyHash } from '#store/key-text.ts';
import { addKey, addSource, keysOf, lockSource, removeOtherKeys } from '#store/sources.ts';

/**
 * Makes this text a key with all scopes of the source `bootstrap`; the one that was there before is good no longer.
 * A key that somebody revoked stays revoked. Throws when the text is shorter than 16 characters.
 */
export async function ensureBootstrapKey(world: World, key: string, now: number): Promise<void> {
  if (key.length < 16) throw new Error('BOOTSTRAP_API_KEY needs at least 16 characters.');
  await world.database.db.transaction(async (tx) => {
    const sourceId = await ensureSource(tx, world, now);
    await removeOtherKeys(tx, sourceId, givenPrefix, givenKeyId(key));
    await addKey(tx, rowOf(key, sourceId, now));
  });
}

/**
 * The same for a key that `make` makes, unless there was ever one before: then that one stays, and nothing is made.
 * Of several processes that begin together one makes it.
 */
export async function ensureFirstKey(
  world: World,
  make: () => string,
  now: number,
): Promise<string | undefined> {
  return world.database.db.transaction(async (tx) => {
    const sourceId = await ensureSource(tx, world, now);
    await lockSource(tx, sourceId);
    const before = await keysOf(tx, sourceId);
    if (before.some(({ id }) => id.startsWith(givenPrefix))) return undefined;
    const key = make();
    await addKey(tx, rowOf(key, sourceId, now));
    return key;
  });
}

async function ensureSource(tx: Tx, world: World, now: number): Promise<string> {
  const row = {
    id: world.id('s'),
    name: 'bootstrap',
    ratePerSecond: 100_000,
    burst: 1_000_000,
    createdAt: now,
  };
  return (await addSource(tx, row)).source.id;
}

function rowOf(key: string, sourceId: string, now: number): Parameters<typeof addKey>[1] {
  return {
    id: givenKeyId(key),
    sourceId,
    hash: keyHash(key),
    scopes: ['ingest', 'read', 'admin'],
    topics: ['**'],
    createdAt: now,
    createdBy: 'operator',
    expiresAt: null,
  };
}
