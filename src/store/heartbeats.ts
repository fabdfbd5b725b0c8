// Heartbeats in the ledger: whose token it is, and when it last came.
import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Reader, Tx } from './connection.ts';
import { heartbeats } from './schema/heartbeats.ts';

export type Heartbeat = typeof heartbeats.$inferSelect;

/** The heartbeat with this token's digest. */
export async function heartbeatOf(db: Reader, hash: string): Promise<Heartbeat | undefined> {
  const [row] = await db.select().from(heartbeats).where(eq(heartbeats.hash, hash));
  return row;
}

/** The heartbeat with this id or name. */
export async function findHeartbeat(db: Reader, idOrName: string): Promise<Heartbeat | undefined> {
  const found = await db
    .select()
    .from(heartbeats)
    .where(sql`${heartbeats.id} = ${idOrName} or ${heartbeats.name} = ${idOrName}`);
  return found.find(({ id }) => id === idOrName) ?? found[0];
}

/** All of them by name, or those of these owners. */
export function listHeartbeats(db: Reader, ownerIds?: string[]): Promise<Heartbeat[]> {
  return db
    .select()
    .from(heartbeats)
    .where(ownerIds && inArray(heartbeats.ownerId, ownerIds))
    .orderBy(asc(heartbeats.name));
}

/** Adds a heartbeat unless one has its name; whether it did. */
export async function addHeartbeat(
  tx: Tx,
  heartbeat: Omit<Heartbeat, 'startedAt' | 'lastAt' | 'lastStatus'>,
): Promise<boolean> {
  const added = await tx
    .insert(heartbeats)
    .values(heartbeat)
    .onConflictDoNothing()
    .returning({ id: heartbeats.id });
  return added.length > 0;
}

/** Takes a heartbeat out; its token is nobody's from now on. */
export async function dropHeartbeat(tx: Tx, id: string): Promise<void> {
  await tx.delete(heartbeats).where(eq(heartbeats.id, id));
}

/** Takes out all of an owner; their addresses are nobody's from now on. */
export async function dropHeartbeatsOf(tx: Tx, ownerId: string): Promise<number> {
  const gone = await tx
    .delete(heartbeats)
    .where(eq(heartbeats.ownerId, ownerId))
    .returning({ id: heartbeats.id });
  return gone.length;
}

/** Gives it another token. */
export async function setHeartbeatHash(tx: Tx, id: string, hash: string): Promise<void> {
  await tx.update(heartbeats).set({ hash }).where(eq(heartbeats.id, id));
}

/** Remembers a ping. A word in between says nothing about whether something is under way. */
export async function markPing(
  db: Reader,
  { id, startedAt }: Pick<Heartbeat, 'id' | 'startedAt'>,
  status: 'ok' | 'fail' | 'start' | 'log',
  now: number,
): Promise<void> {
  const started = status === 'start' ? now : status === 'log' ? startedAt : null;
  await db
    .update(heartbeats)
    .set({ lastAt: now, lastStatus: status, startedAt: started })
    .where(eq(heartbeats.id, id));
}
