// Digests: what happened, told at times that somebody chose. A row is a timer.
import { eq, lte } from 'drizzle-orm';
import { among } from './among.ts';
import type { Reader, Tx } from './connection.ts';
import { digests } from './schema/digests.ts';

export type Digest = typeof digests.$inferSelect;

/** The digest of an owner. */
export async function digestOf(db: Reader, ownerId: string): Promise<Digest | undefined> {
  const [row] = await db.select().from(digests).where(eq(digests.id, ownerId));
  return row;
}

/** The digests of these owners, in no order. */
export async function digestsOf(db: Reader, ownerIds: string[]): Promise<Digest[]> {
  return ownerIds.length === 0 ? [] : db.select().from(digests).where(among(digests.id, ownerIds));
}

/** Writes it whole; what it has told up to now stays told. */
export async function saveDigest(db: Reader, row: Digest): Promise<void> {
  const { id: _id, coveredUntil: _told, ...changes } = row;
  await db.insert(digests).values(row).onConflictDoUpdate({ target: digests.id, set: changes });
}

/** Offers to catch up, once, when somebody's absence ends. */
export async function offerAt(
  db: Reader,
  {
    ownerId,
    receiverId,
    since,
    nextAt,
  }: Pick<Digest, 'ownerId' | 'receiverId' | 'nextAt'> & { since: number },
): Promise<void> {
  const row = { ownerId, receiverId, nextAt, coveredUntil: since, cron: null, zone: null, sayQuiet: true };
  await db
    .insert(digests)
    .values({ id: offerOf(ownerId), ...row })
    .onConflictDoUpdate({ target: digests.id, set: row });
}

/** The row of such an offer. */
export const offerOf = (ownerId: string) => `back:${ownerId}`;

/** Whether there is one with this id. */
export async function hasDigest(db: Reader, id: string): Promise<boolean> {
  const rows = await db.select({ id: digests.id }).from(digests).where(eq(digests.id, id));
  return rows.length > 0;
}

/** Forgets one. */
export async function dropDigest(db: Reader, id: string): Promise<boolean> {
  const rows = await db.delete(digests).where(eq(digests.id, id)).returning({ id: digests.id });
  return rows.length > 0;
}

/** It comes at another time. */
export async function moveDigest(db: Reader, id: string, nextAt: number): Promise<void> {
  await db.update(digests).set({ nextAt }).where(eq(digests.id, id));
}

/** One whose time has come, locked; another process's are left to it. */
export async function lockDueDigest(tx: Tx, now: number): Promise<Digest | undefined> {
  const [row] = await tx
    .select()
    .from(digests)
    .where(lte(digests.nextAt, now))
    .orderBy(digests.nextAt, digests.id)
    .limit(1)
    .for('update', { skipLocked: true });
  return row;
}

/** It was told up to now. */
export async function digestTold(tx: Tx, id: string, nextAt: number, now: number): Promise<void> {
  await tx.update(digests).set({ coveredUntil: now, nextAt }).where(eq(digests.id, id));
}
