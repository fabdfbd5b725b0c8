// What is told to somebody else, or at another place, because it could not or should not be told where it was meant.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Tx } from './connection.ts';
import { unfinished } from './notifications.ts';
import { notifications } from './schema/notifications.ts';

type Row = typeof notifications.$inferSelect;

/** The same things are told to others, too; what they were told already is not told again. */
export async function addForwarded(
  tx: Tx,
  news: Pick<Row, 'kind' | 'alertId' | 'alertRev' | 'severity'>[],
  receiverIds: string[],
  now: number,
): Promise<void> {
  const rows = receiverIds.flatMap((receiverId) =>
    news.map(({ kind, alertId, alertRev, severity }) => ({
      kind,
      alertId,
      alertRev,
      severity,
      receiverId,
      status: 'pending' as const,
      createdAt: now,
    })),
  );
  if (rows.length > 0) await tx.insert(notifications).values(rows).onConflictDoNothing();
}

/** The same for another receiver; false when it was told, or is being told, there already. */
export async function addElsewhere(
  tx: Tx,
  { kind, alertId, alertRev, severity }: Pick<Row, 'kind' | 'alertId' | 'alertRev' | 'severity'>,
  receiverId: string,
  now: number,
): Promise<boolean> {
  const rows = await tx
    .insert(notifications)
    .values({ kind, alertId, alertRev, severity, receiverId, status: 'pending', createdAt: now })
    .onConflictDoNothing()
    .returning({ id: notifications.id });
  return rows.length > 0;
}

/** Whether a receiver was told the same, or is being told. */
export async function reaches(
  tx: Tx,
  { kind, alertId, alertRev }: Pick<Row, 'kind' | 'alertId' | 'alertRev'>,
  receiverId: string,
): Promise<boolean> {
  if (alertId === null || alertRev === null) return false;
  const [row] = await tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        eq(notifications.alertId, alertId),
        eq(notifications.alertRev, alertRev),
        eq(notifications.receiverId, receiverId),
        eq(notifications.kind, kind),
        sql`${notifications.status} <> 'dead'`,
        // Told in another message.
        sql`(${notifications.status} <> 'suppressed' or ${notifications.viaId} is not null)`,
      ),
    );
  return row !== undefined;
}

/** What is critical and still waits at these receivers. */
export async function graveUnfinished(tx: Tx, receiverIds: string[]): Promise<Row[]> {
  if (receiverIds.length === 0) return [];
  return tx
    .select()
    .from(notifications)
    .where(
      and(inArray(notifications.receiverId, receiverIds), unfinished, eq(notifications.severity, 'critical')),
    );
}
