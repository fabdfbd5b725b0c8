// Codes on their way to typed addresses: kept as a hash, for a while, and only so many tries.
import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { Reader, Tx } from './connection.ts';
import type { Place } from './keyring.ts';
import { audit } from './schema/audit.ts';
import { confirmations } from './schema/receivers.ts';

export type Confirmation = typeof confirmations.$inferSelect;

/** Where a code stands until it is sent: sealed for its receiver. */
export const codePlace = (receiverId: string): Place => ({
  table: 'notifications',
  column: 'body',
  row: receiverId,
});

/** Puts a new code in the place of an older one. */
export async function setConfirmation(tx: Tx, confirmation: Confirmation): Promise<void> {
  const { receiverId: _id, ...set } = confirmation;
  await tx
    .insert(confirmations)
    .values(confirmation)
    .onConflictDoUpdate({ target: confirmations.receiverId, set });
}

/** How many codes this actor had sent on a channel since then, as far as the newest records of the trail tell. */
export async function codesAsked(
  db: Reader,
  { actor, channel, since }: { actor: string; channel: string; since: number },
): Promise<number> {
  const newest = db.select().from(audit).orderBy(desc(audit.id)).limit(5_000).as('newest');
  const isCode = sql`(${newest.verb} = 'send-code' or ${newest.verb} = 'add-receiver' and ${newest.detail} ->> 'channel' = ${channel})`;
  return db.$count(newest, and(eq(newest.actor, actor), gt(newest.at, since), isCode));
}

/** The code that is on its way to the receiver. */
export async function findConfirmation(db: Reader, receiverId: string): Promise<Confirmation | undefined> {
  const [row] = await db.select().from(confirmations).where(eq(confirmations.receiverId, receiverId));
  return row;
}

/** Counts one try before it is compared, so that many at once are no more tries than allowed; how many there were. */
export async function countTry(tx: Tx, receiverId: string): Promise<number> {
  const [row] = await tx
    .update(confirmations)
    .set({ tries: sql`${confirmations.tries} + 1` })
    .where(eq(confirmations.receiverId, receiverId))
    .returning({ tries: confirmations.tries });
  return row?.tries ?? 0;
}

/** Forgets it. */
export async function dropConfirmation(db: Reader, receiverId: string): Promise<void> {
  await db.delete(confirmations).where(eq(confirmations.receiverId, receiverId));
}
