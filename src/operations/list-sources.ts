// Every source with its keys and when they were last used: what a list in the chat or over HTTP shows.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { allSources, type Key, keysOf, type Made, type Source } from '#store/sources.ts';
import { mayKeepSources } from './create-source.ts';
import type { World } from './world.ts';

export interface ListedKey extends Pick<Key, 'id' | 'scopes' | 'topics' | 'createdAt' | 'expiresAt'> {
  state: 'good' | 'expired' | 'revoked';
  lastUsedAt: number | null;
  /** What who made it is called now; null: that was not kept. `left`: they are not here any more. */
  by: string | null;
  left: boolean;
}

export interface ListedSource extends Pick<Source, 'id' | 'name' | 'ratePerSecond' | 'burst' | 'createdAt'> {
  /** Whether it has to sign what it sends. */
  signed: boolean;
  /** Whether it is known what the fields of its JSON mean. */
  mapped: boolean;
  keys: ListedKey[];
}

/** What may be shown of a source: neither secrets nor digests. */
export function listedSource(source: Source, keys: Made[], now: number): ListedSource {
  const { id, name, ratePerSecond, burst, createdAt, secret, mapping } = source;
  return {
    id,
    name,
    ratePerSecond,
    burst,
    createdAt,
    signed: secret !== null,
    mapped: mapping !== null,
    keys: keys.map(({ hash: _hash, sourceId: _source, createdBy: _ref, revokedAt, ...key }) => {
      const isOver = key.expiresAt !== null && key.expiresAt <= now;
      return { ...key, state: revokedAt !== null ? 'revoked' : isOver ? 'expired' : 'good' };
    }),
  };
}

/** The sources by name, for those who may add some. */
export async function listSources(
  world: World,
  actor: Actor,
  now: number,
): Promise<Outcome<{ sources: ListedSource[] }>> {
  const { db } = world.database;
  if (!(await mayKeepSources(db, actor))) return refuse('forbidden', 'Only admins can see the sources.');
  const sources: ListedSource[] = [];
  for (const source of await allSources(db))
    sources.push(listedSource(source, await keysOf(db, source.id), now));
  return { ok: true, sources };
}
