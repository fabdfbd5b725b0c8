// Broadcasts: notices to many, and how far each has come. A running one is a timer.
import { and, desc, eq, lt, lte, sql } from 'drizzle-orm';
import type { Turn } from '#core/broadcast.ts';
import { finalStatuses } from '#core/notification.ts';
import type { Reader, Tx } from './connection.ts';
import { alerts } from './schema/alerts.ts';
import { broadcastReceipts, broadcasts } from './schema/broadcasts.ts';
import { notifications } from './schema/notifications.ts';

export type Broadcast = typeof broadcasts.$inferSelect;

/** What a notification is called in a list: the alert's title, or how the broadcast begins. */
export const titleTold = sql<string | null>`case when ${notifications.kind} = 'broadcast'
  then (select left(b.body, 100) from broadcasts b where b.id = ${notifications.body}::json->>'broadcast')
  else ${alerts.title} end`;

/** Adds it; false when there is one with this id. */
export async function addBroadcast(db: Reader, row: Omit<Broadcast, 'round' | 'endedAt'>): Promise<boolean> {
  const rows = await db.insert(broadcasts).values(row).onConflictDoNothing().returning({ id: broadcasts.id });
  return rows.length > 0;
}

/** The broadcast with this id; `lock`: nobody else changes it until the transaction ends. */
export async function findBroadcast(db: Reader, id: string, lock = false): Promise<Broadcast | undefined> {
  const asked = db.select().from(broadcasts).where(eq(broadcasts.id, id));
  const [row] = await (lock ? asked.for('update') : asked);
  return row;
}

/** The newest first; `before`: older than that instant. Only those to this group, when given. */
export async function broadcastsMade(
  db: Reader,
  { groupId, before, limit = 50 }: { groupId?: string; before?: number; limit?: number } = {},
): Promise<Broadcast[]> {
  return db
    .select()
    .from(broadcasts)
    .where(
      and(
        groupId === undefined ? undefined : sql`${broadcasts.audience}->>'groupId' = ${groupId}`,
        before === undefined ? undefined : lt(broadcasts.createdAt, before),
      ),
    )
    .orderBy(desc(broadcasts.createdAt), desc(broadcasts.id))
    .limit(limit);
}

/** One whose time has come, locked; another process's are left to it. */
export async function lockDueBroadcast(tx: Tx, now: number): Promise<Broadcast | undefined> {
  const [row] = await tx
    .select()
    .from(broadcasts)
    // As the index says it, so that a kept plan may use it.
    .where(and(sql`${broadcasts.status} = 'running'`, lte(broadcasts.nextAt, now)))
    .orderBy(broadcasts.nextAt, broadcasts.id)
    .limit(1)
    .for('update', { skipLocked: true });
  return row;
}

/** Writes how far it has come. */
export async function moveBroadcast(
  tx: Tx,
  id: string,
  { status, next, nextAt, round }: Turn['course'],
  now: number,
): Promise<void> {
  const endedAt = status === 'running' ? null : now;
  await tx.update(broadcasts).set({ status, next, nextAt, round, endedAt }).where(eq(broadcasts.id, id));
}

/** The rest need not wait any longer. */
export async function hurryBroadcast(tx: Tx, id: string, now: number): Promise<void> {
  await tx.update(broadcasts).set({ nextAt: now, restAfterMs: 0 }).where(eq(broadcasts.id, id));
}

/** What of it was not sent yet is not sent any more; how many. What is being sent at this moment is. */
export async function endTellings(tx: Tx, id: string, detail: string, now: number): Promise<number> {
  const rows = await tx
    .update(notifications)
    .set({ status: 'suppressed', reason: 'stopped', detail, notBefore: null, endedAt: now })
    .where(
      and(
        sql`${notifications.id} in (select notification_id from ${broadcastReceipts} where broadcast_id = ${id})`,
        sql`${notifications.status} not in (${sql.join(
          [...finalStatuses, 'sending'].map((one) => sql`${one}`),
          sql`, `,
        )})`,
      ),
    )
    .returning({ id: notifications.id });
  return rows.length;
}
