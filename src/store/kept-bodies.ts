// Bodies that no mapping could read yet.
import { and, asc, count, desc, eq, sql } from 'drizzle-orm';
import type { Lack } from '#core/mapping.ts';
import type { Reader } from './connection.ts';
import { keptBodies } from './schema/sources.ts';

export type KeptBody = typeof keptBodies.$inferSelect;

/** Keeps a body; its number, or undefined when the source has `most` of them already. */
export async function keepBody(
  db: Reader,
  body: Omit<KeptBody, 'id'>,
  most: number,
): Promise<number | undefined> {
  if ((await countKept(db, body.sourceId)) >= most) return undefined;
  const [row] = await db.insert(keptBodies).values(body).returning({ id: keptBodies.id });
  return row!.id;
}

/** How many bodies of the source wait for a mapping. */
export async function countKept(db: Reader, sourceId: string): Promise<number> {
  const [row] = await db.select({ n: count() }).from(keptBodies).where(eq(keptBodies.sourceId, sourceId));
  return row!.n;
}

/** The newest of them. */
export function newestKept(db: Reader, sourceId: string, limit: number): Promise<KeptBody[]> {
  return db
    .select()
    .from(keptBodies)
    .where(eq(keptBodies.sourceId, sourceId))
    .orderBy(desc(keptBodies.id))
    .limit(limit);
}

/** The oldest that the mapping of this instant has not been tried on. */
export function untriedKept(
  db: Reader,
  sourceId: string,
  mappingAt: number,
  limit: number,
): Promise<KeptBody[]> {
  const at = new Date(mappingAt).toISOString();
  return db
    .select()
    .from(keptBodies)
    .where(
      and(
        eq(keptBodies.sourceId, sourceId),
        sql`${keptBodies.triedMapping} is distinct from ${at}::timestamptz`,
      ),
    )
    .orderBy(asc(keptBodies.id))
    .limit(limit);
}

/** Notes what this mapping does not find in it. */
export async function noteTried(
  db: Reader,
  id: number,
  { missing, triedMapping }: { missing: Lack[]; triedMapping: number },
): Promise<void> {
  await db.update(keptBodies).set({ missing, triedMapping }).where(eq(keptBodies.id, id));
}

/** It is events now. */
export async function dropKept(db: Reader, id: number): Promise<void> {
  await db.delete(keptBodies).where(eq(keptBodies.id, id));
}
