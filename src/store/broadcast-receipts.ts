// Receipts of broadcasts: who is concerned, when they were told, and what came of it there.
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { type Fate, fateOf } from '#core/broadcast.ts';
import type { NotificationStatus, Reason } from '#core/notification.ts';
import type { Severity } from '#core/severity.ts';
import type { Reader, Tx } from './connection.ts';
import { insertMany } from './insert-many.ts';
import { broadcastReceipts as receipts } from './schema/broadcasts.ts';
import { notifications } from './schema/notifications.ts';
import { groups, people } from './schema/people.ts';
import { receivers } from './schema/receivers.ts';

export type Receipt = typeof receipts.$inferSelect;

/** Everybody whom this broadcast concerned so far. */
export async function receiptsFor(db: Reader, broadcastId: string): Promise<Receipt[]> {
  return db
    .select()
    .from(receipts)
    .where(eq(receipts.broadcastId, broadcastId))
    .orderBy(asc(receipts.ownerId));
}

/** One message each, to be judged like any other; its number by receiver. */
export async function addTellings(
  tx: Tx,
  told: { receiverId: string; body: object }[],
  severity: Severity,
  now: number,
): Promise<Map<string, number>> {
  if (told.length === 0) return new Map();
  const rows = told.map(({ receiverId, body }) => ({
    kind: 'broadcast' as const,
    receiverId,
    severity,
    status: 'pending' as const,
    body: JSON.stringify(body),
    createdAt: now,
  }));
  const made = await tx.execute<{ id: string; receiver_id: string }>(
    sql`${insertMany(notifications, rows)} returning id, receiver_id`,
  );
  return new Map(made.map(({ id, receiver_id }) => [receiver_id, Number(id)]));
}

/** Writes who is concerned and was told; what they have seen stays. */
export async function saveReceipts(
  tx: Tx,
  rows: Pick<Receipt, 'broadcastId' | 'ownerId' | 'things' | 'more' | 'round' | 'notificationId'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`${insertMany(receipts, rows)} on conflict (broadcast_id, owner_id) do update
    set things = excluded.things, more = excluded.more, round = excluded.round,
      notification_id = excluded.notification_id`);
}

/** They are no longer concerned. */
export async function markLeft(tx: Tx, broadcastId: string, ownerIds: string[], now: number): Promise<void> {
  if (ownerIds.length === 0) return;
  await tx.update(receipts).set({ leftAt: now }).where(named(broadcastId, ownerIds));
}

/** They are concerned again, as if they had seen nothing. */
export async function markBack(tx: Tx, broadcastId: string, ownerIds: string[]): Promise<void> {
  if (ownerIds.length === 0) return;
  const anew = { leftAt: null, seenAt: null, seenBy: [] };
  await tx.update(receipts).set(anew).where(named(broadcastId, ownerIds));
}

/** One of them, locked. */
export async function lockReceipt(
  tx: Tx,
  broadcastId: string,
  ownerId: string,
): Promise<Receipt | undefined> {
  const [row] = await tx
    .select()
    .from(receipts)
    .where(named(broadcastId, [ownerId]))
    .for('update');
  return row;
}

/** Who has seen it there, the first of them first. */
export async function markSeen(
  tx: Tx,
  { broadcastId, ownerId, seenAt, seenBy }: Pick<Receipt, 'broadcastId' | 'ownerId' | 'seenAt' | 'seenBy'>,
): Promise<void> {
  await tx
    .update(receipts)
    .set({ seenAt, seenBy })
    .where(named(broadcastId, [ownerId]));
}

const named = (broadcastId: string, ownerIds: string[]) =>
  and(eq(receipts.broadcastId, broadcastId), inArray(receipts.ownerId, ownerIds));

/** A receipt as somebody may read it. */
export interface ReadReceipt extends Omit<Receipt, 'broadcastId'> {
  name: string;
  /** Where they were told last; null: nowhere. */
  receiver: string | null;
  fate: Fate;
  /** Why it is held, or was not told. */
  reason: Reason | null;
  detail: string | null;
  /** While it is held: until when. */
  until: number | null;
  toldAt: number | null;
}

/** A page of them, in the order of owners' ids, after that one. */
export async function receiptsRead(
  db: Reader,
  broadcastId: string,
  { after = '', limit = 500 }: { after?: string; limit?: number } = {},
): Promise<ReadReceipt[]> {
  const rows = await db
    .select({
      receipt: receipts,
      name: sql<string>`coalesce(${people.name}, ${groups.title}, 'somebody who is gone')`,
      receiver: receivers.label,
      told: {
        status: notifications.status,
        reason: notifications.reason,
        detail: notifications.detail,
        until: notifications.notBefore,
        endedAt: notifications.endedAt,
      },
    })
    .from(receipts)
    .leftJoin(people, eq(people.id, receipts.ownerId))
    .leftJoin(groups, eq(groups.id, receipts.ownerId))
    .leftJoin(notifications, eq(notifications.id, receipts.notificationId))
    .leftJoin(receivers, eq(receivers.id, notifications.receiverId))
    .where(and(eq(receipts.broadcastId, broadcastId), gt(receipts.ownerId, after)))
    .orderBy(asc(receipts.ownerId))
    .limit(limit);
  return rows.map(({ receipt: { broadcastId: _, ...receipt }, name, receiver, told }) => ({
    ...receipt,
    name,
    receiver,
    fate: fateOf(receipt, told),
    reason: told?.reason ?? null,
    detail: told?.detail ?? null,
    until: told?.status === 'held' ? told.until : null,
    toldAt: told?.status === 'sent' ? told.endedAt : null,
  }));
}

/** How many came to what, for each of these broadcasts. */
export async function fatesOf(
  db: Reader,
  ids: string[],
): Promise<Map<string, Partial<Record<Fate, number>>>> {
  const found = new Map<string, Partial<Record<Fate, number>>>(ids.map((id) => [id, {}]));
  if (ids.length === 0) return found;
  const one = {
    id: receipts.broadcastId,
    left: sql<boolean>`${receipts.leftAt} is not null`,
    seen: sql<boolean>`${receipts.seenAt} is not null`,
    told: sql<boolean>`${receipts.round} > 0`,
    status: sql<NotificationStatus | null>`${notifications.status}`,
    reason: sql<Reason | null>`${notifications.reason}`,
  };
  const rows = await db
    .select({ ...one, count: sql<number>`count(*)::int` })
    .from(receipts)
    .leftJoin(notifications, eq(notifications.id, receipts.notificationId))
    .where(inArray(receipts.broadcastId, ids))
    .groupBy(sql`1, 2, 3, 4, 5, 6`);
  for (const { id, left, seen, told, status, reason, count } of rows) {
    const receipt = { round: told ? 1 : 0, seenAt: seen ? 0 : null, leftAt: left ? 0 : null };
    const fate = fateOf(receipt, status === null ? null : { status, reason });
    const counts = found.get(id)!;
    counts[fate] = (counts[fate] ?? 0) + count;
  }
  return found;
}
