// Invitations: one use, a day, one role. Only the hash of the token is kept.
import { and, eq, gt, isNull, lt } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { invitations } from './schema/people.ts';

/** An invitation; `createdBy` and `usedBy` are references such as `person:p_…`. */
export type Invitation = typeof invitations.$inferSelect;

/** Adds an invitation. */
export async function addInvitation(
  db: Reader,
  invitation: Omit<Invitation, 'usedBy' | 'usedAt'>,
): Promise<void> {
  await db.insert(invitations).values(invitation);
}

/** The invitation with this hash, whatever became of it. */
export async function findInvitation(db: Reader, hash: string): Promise<Invitation | undefined> {
  const [row] = await db.select().from(invitations).where(eq(invitations.hash, hash));
  return row;
}

/** Uses it up, once and only while it lasts; undefined when somebody was faster or it is over. */
export async function takeInvitation(
  db: Reader,
  hash: string,
  usedBy: string,
  now: number,
): Promise<Invitation | undefined> {
  const [row] = await db
    .update(invitations)
    .set({ usedBy, usedAt: now })
    .where(and(eq(invitations.hash, hash), isNull(invitations.usedAt), gt(invitations.expiresAt, now)))
    .returning();
  return row;
}

/** Removes invitations that ended before then. */
export async function trimInvitations(db: Reader, before: number): Promise<void> {
  await db.delete(invitations).where(lt(invitations.expiresAt, before));
}
