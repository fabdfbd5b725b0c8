// What lets a browser in without a key: a ticket, good for one stream, or a pass to its person's own page.
import { and, eq, gt, inArray, isNull, lte } from 'drizzle-orm';
import type { Db, Reader } from './connection.ts';
import { passes, people } from './schema/people.ts';
import { keys } from './schema/sources.ts';

export type Pass = typeof passes.$inferSelect;

/** Adds it, and forgets those that are too old. */
export async function addPass(db: Reader, pass: Pass, now: number): Promise<void> {
  await db.delete(passes).where(lte(passes.expiresAt, now));
  await db.insert(passes).values(pass);
}

/** The ticket with this digest, which nobody can use again; undefined when it is used, unknown or too old. */
export async function takeTicket(db: Reader, hash: string, now: number): Promise<Pass | undefined> {
  const [row] = await db
    .delete(passes)
    .where(and(eq(passes.hash, hash), eq(passes.lets, 'stream')))
    .returning();
  return row && row.expiresAt > now ? row : undefined;
}

/** Whose page the pass with this digest opens; undefined when it is too old, taken back, or its person has left. */
export async function findPageOf(
  db: Reader,
  hash: string,
  now: number,
): Promise<{ pass: Pass; person: typeof people.$inferSelect } | undefined> {
  const [row] = await db
    .select({ pass: passes, person: people })
    .from(passes)
    .innerJoin(people, eq(people.id, passes.personId))
    .where(
      and(eq(passes.hash, hash), eq(passes.lets, 'page'), gt(passes.expiresAt, now), isNull(people.leftAt)),
    );
  return row;
}

/** Lengthens it. */
export async function keepPass(db: Reader, hash: string, expiresAt: number): Promise<void> {
  await db.update(passes).set({ expiresAt }).where(eq(passes.hash, hash));
}

/** Takes a pass back. */
export async function dropPass(db: Reader, hash: string): Promise<void> {
  await db.delete(passes).where(eq(passes.hash, hash));
}

/** The pages of one person that are open somewhere, newest first. */
export async function passesOf(db: Reader, personId: string, now: number): Promise<Pass[]> {
  const rows = await db
    .select()
    .from(passes)
    .where(and(eq(passes.personId, personId), gt(passes.expiresAt, now)));
  return rows.sort((a, b) => b.createdAt - a.createdAt);
}

/** Which of these keys still read, and which of these passes still open a page. */
export async function stillGood(
  db: Db,
  { keyIds, hashes }: { keyIds: string[]; hashes: string[] },
  now: number,
): Promise<Set<string>> {
  const readers =
    keyIds.length === 0
      ? []
      : await db
          .select({ id: keys.id, scopes: keys.scopes, expiresAt: keys.expiresAt })
          .from(keys)
          .where(and(inArray(keys.id, keyIds), isNull(keys.revokedAt)));
  const pages =
    hashes.length === 0
      ? []
      : await db
          .select({ hash: passes.hash })
          .from(passes)
          .innerJoin(people, eq(people.id, passes.personId))
          .where(and(inArray(passes.hash, hashes), gt(passes.expiresAt, now), isNull(people.leftAt)));
  return new Set([
    ...readers.filter(({ expiresAt }) => expiresAt === null || expiresAt > now).map(({ id }) => id),
    ...pages.map(({ hash }) => hash),
  ]);
}
