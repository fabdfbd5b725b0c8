// Topics that an owner does not want to be told of, on one channel or on all, or only with the digest.
import { and, asc, eq, ne } from 'drizzle-orm';
import { among } from './among.ts';
import type { Reader } from './connection.ts';
import { optOuts } from './schema/receivers.ts';

export type OptOut = typeof optOuts.$inferSelect;

/** What these owners opted out of, oldest first. */
export async function optOutsOf(db: Reader, ownerIds: string[]): Promise<OptOut[]> {
  return db
    .select()
    .from(optOuts)
    .where(among(optOuts.ownerId, ownerIds))
    .orderBy(asc(optOuts.createdAt), asc(optOuts.topic), asc(optOuts.channel));
}

/** False when it was so already. */
export async function addOptOut(db: Reader, optOut: OptOut): Promise<boolean> {
  const rows = await db
    .insert(optOuts)
    .values(optOut)
    .onConflictDoUpdate({
      target: [optOuts.ownerId, optOuts.channel, optOuts.topic],
      set: { digest: optOut.digest },
      setWhere: ne(optOuts.digest, optOut.digest),
    })
    .returning();
  return rows.length > 0;
}

/** False when there was none. */
export async function dropOptOut(db: Reader, of: Omit<OptOut, 'createdAt' | 'digest'>): Promise<boolean> {
  const rows = await db
    .delete(optOuts)
    .where(and(eq(optOuts.ownerId, of.ownerId), eq(optOuts.channel, of.channel), eq(optOuts.topic, of.topic)))
    .returning();
  return rows.length > 0;
}
