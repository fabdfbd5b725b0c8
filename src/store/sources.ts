// Who may push: sources and their keys.
import { and, eq, gt, isNull, like, ne, or, sql } from 'drizzle-orm';
import type { Db, Reader, Tx } from './connection.ts';
import { somebody } from './erasing.ts';
import { people } from './schema/people.ts';
import { keys, sources } from './schema/sources.ts';

export type Source = typeof sources.$inferSelect;
export type Key = typeof keys.$inferSelect;

/** The source with this name or id, or undefined. */
export async function findSource(db: Reader, nameOrId: string): Promise<Source | undefined> {
  const [row] = await db
    .select()
    .from(sources)
    .where(or(eq(sources.name, nameOrId), eq(sources.id, nameOrId)));
  return row;
}

/** Every source, by name. */
export function allSources(db: Reader): Promise<Source[]> {
  return db.select().from(sources).orderBy(sources.name);
}

/** Adds a source unless one has its name; returns the one that is there now. */
export async function addSource(
  tx: Reader,
  source: typeof sources.$inferInsert,
): Promise<{ source: Source; added: boolean }> {
  const [row] = await tx.insert(sources).values(source).onConflictDoNothing().returning();
  if (row) return { source: row, added: true };
  const known = await findSource(tx, source.name);
  if (!known) throw new Error(`the source ${source.name} vanished while it was added`);
  return { source: known, added: false };
}

/** One source by its name or id, locked until the transaction ends. */
export async function lockSource(tx: Tx, nameOrId: string): Promise<Source | undefined> {
  const [row] = await tx
    .select()
    .from(sources)
    .where(or(eq(sources.name, nameOrId), eq(sources.id, nameOrId)))
    .for('update');
  return row;
}

/** Changes what is kept of a source. */
export async function changeSource(tx: Tx, id: string, changes: Partial<Omit<Source, 'id'>>): Promise<void> {
  await tx.update(sources).set(changes).where(eq(sources.id, id));
}

/** Adds a key unless its id is there. */
export async function addKey(tx: Reader, key: Omit<Key, 'lastUsedAt' | 'revokedAt'>): Promise<void> {
  await tx.insert(keys).values(key).onConflictDoNothing();
}

/** The keys of one of these ids, with their sources. */
export async function findKeys(db: Reader, ids: string[]): Promise<{ key: Key; source: Source }[]> {
  return db
    .select({ key: keys, source: sources })
    .from(keys)
    .innerJoin(sources, eq(sources.id, keys.sourceId))
    .where(or(...ids.map((id) => eq(keys.id, id))));
}

/** A key with what who made it is called now. */
export type Made = Key & { by: string | null; left: boolean };

/** The keys of one source, oldest first. */
export async function keysOf(db: Reader, sourceId: string): Promise<Made[]> {
  const rows = await db
    .select({
      key: keys,
      name: sql<string | null>`coalesce(${people.name}, ${sources.name})`,
      leftAt: people.leftAt,
    })
    .from(keys)
    .leftJoin(people, sql`${keys.createdBy} = 'person:' || ${people.id}`)
    .leftJoin(sources, sql`${keys.createdBy} = 'key:' || ${sources.id}`)
    .where(eq(keys.sourceId, sourceId))
    .orderBy(keys.createdAt);
  return rows.map(({ key, name, leftAt }) => {
    const left = key.createdBy.startsWith('person:') && (name === null || leftAt !== null);
    const by = left ? somebody : key.createdBy === '' ? null : (name ?? 'the operator');
    return { ...key, by, left };
  });
}

/** What this person made that is still good, with the names of the sources. */
export async function goodKeysBy(
  db: Reader,
  personId: string,
  now: number,
): Promise<{ id: string; source: string }[]> {
  return db
    .select({ id: keys.id, source: sources.name })
    .from(keys)
    .innerJoin(sources, eq(sources.id, keys.sourceId))
    .where(
      and(
        eq(keys.createdBy, `person:${personId}`),
        isNull(keys.revokedAt),
        or(isNull(keys.expiresAt), gt(keys.expiresAt, now)),
      ),
    )
    .orderBy(sources.name, keys.createdAt);
}

/** One key, locked until the transaction ends. */
export async function lockKey(tx: Tx, id: string): Promise<Key | undefined> {
  const [row] = await tx.select().from(keys).where(eq(keys.id, id)).for('update');
  return row;
}

/** Sets when a key ends. */
export async function expireKey(tx: Tx, id: string, at: number): Promise<void> {
  await tx.update(keys).set({ expiresAt: at }).where(eq(keys.id, id));
}

/** Ends a key for good. */
export async function endKey(tx: Tx, id: string, now: number): Promise<void> {
  await tx.update(keys).set({ revokedAt: now }).where(eq(keys.id, id));
}

/** Remembers that a key was used. */
export async function markKeyUsed(db: Db, id: string, now: number): Promise<void> {
  await db.update(keys).set({ lastUsedAt: now }).where(eq(keys.id, id));
}

/** Removes the source's keys whose id begins so, except one; those that somebody revoked stay as they are. */
export async function removeOtherKeys(
  tx: Reader,
  sourceId: string,
  prefix: string,
  except: string,
): Promise<void> {
  await tx
    .delete(keys)
    .where(
      and(
        eq(keys.sourceId, sourceId),
        like(keys.id, `${prefix}%`),
        ne(keys.id, except),
        isNull(keys.revokedAt),
      ),
    );
}
