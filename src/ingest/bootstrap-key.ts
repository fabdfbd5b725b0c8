// The key from the environment: valid from the first start, so that a first event needs no other step.
import type { World } from '#operations/world.ts';
import { givenKeyId, givenPrefix, keyHash } from '#store/key-text.ts';
import { addKey, addSource, removeOtherKeys } from '#store/sources.ts';

/**
 * Makes this text a key with all scopes of the source `bootstrap`; the one that was there before is good no longer.
 * A key that somebody revoked stays revoked. Throws when the text is shorter than 16 characters.
 */
export async function ensureBootstrapKey(world: World, key: string, now: number): Promise<void> {
  if (key.length < 16) throw new Error('BOOTSTRAP_API_KEY needs at least 16 characters.');
  const id = givenKeyId(key);
  await world.database.db.transaction(async (tx) => {
    const row = {
      id: world.id('s'),
      name: 'bootstrap',
      ratePerSecond: 100_000,
      burst: 1_000_000,
      createdAt: now,
    };
    const { source } = await addSource(tx, row);
    await removeOtherKeys(tx, source.id, givenPrefix, id);
    await addKey(tx, {
      id,
      sourceId: source.id,
      hash: keyHash(key),
      scopes: ['ingest', 'read', 'admin'],
      topics: ['**'],
      createdAt: now,
      createdBy: 'operator',
      expiresAt: null,
    });
  });
}
