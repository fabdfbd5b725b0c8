// What becomes of notifications: settled, put off, judged again, told again, ended.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { cut } from '#core/cut.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { finalStatuses, type NotificationStatus, type Reason } from '#core/notification.ts';
import type { Severity } from '#core/severity.ts';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import { isToBeSent, unfinished } from './notifications.ts';
import { notifications } from './schema/notifications.ts';

export interface Fate {
  id: number;
  status: NotificationStatus;
  reason?: Reason | null;
  detail?: string | null;
  notBefore?: number | null;
  viaId?: number | null;
  /** Only while this attempt is the one being made. */
  attempt?: number;
  /** Only while it waits to be sent: it was seen so a moment ago, by who holds its address. */
  waiting?: true;
}

/** Writes what became of them, the ids of those that it did become of; a final status gets its end. */
export async function settle(db: Reader, fates: Fate[], now: number): Promise<Set<number>> {
  if (fates.length === 0) return new Set();
  const settled = await settling(db, fates, now);
  return new Set(settled.map((one) => Number(one.id)));
}

/** The same as a statement that is not sent yet; at least one. */
export function settling(db: Reader, fates: Fate[], now: number) {
  const rows = fates.map((fate) => ({
    id: fate.id,
    status: fate.status,
    reason: fate.reason ?? null,
    detail: fate.detail == null ? null : cut(fate.detail, 500),
    not_before: fate.notBefore == null ? null : new Date(fate.notBefore).toISOString(),
    via_id: fate.viaId ?? null,
    attempt: fate.attempt ?? null,
    waiting: fate.waiting ?? false,
    ended_at: (finalStatuses as readonly string[]).includes(fate.status) ? new Date(now).toISOString() : null,
  }));
  return db.execute<{ id: string }>(sql`
    update notifications n set status = v.status, reason = v.reason, detail = v.detail, not_before = v.not_before,
      via_id = coalesce(v.via_id, n.via_id), ended_at = v.ended_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as v(id bigint, status text, reason text, detail text,
      not_before timestamptz, via_id bigint, attempt int, waiting boolean, ended_at timestamptz)
    where n.id = v.id and (v.attempt is null or (n.status = 'sending' and n.attempts = v.attempt))
      and (not v.waiting or ${isToBeSent})
    returning n.id`);
}

/** What waits to be sent is not sent before then. */
export async function putOff(db: Reader, id: number, until: number): Promise<void> {
  await db.execute(sql`update notifications n set not_before = greatest(n.not_before, ${at(until)})
    where n.id = ${id}::bigint and ${isToBeSent}`);
}

/** The severity with which it will be, or was, worded. */
export async function setSeverity(db: Reader, id: number, severity: Severity): Promise<void> {
  await db.update(notifications).set({ severity }).where(eq(notifications.id, id));
}

/** Makes the held notifications of these receivers be judged again now; the doorbells to ring. */
export async function judgeAgain(db: Reader, receiverIds: string[], now: number): Promise<Doorbell[]> {
  if (receiverIds.length === 0) return [];
  await db
    .update(notifications)
    .set({ notBefore: now })
    .where(and(inArray(notifications.receiverId, receiverIds), unfinished, eq(notifications.status, 'held')));
  return receiverIds.map((id) => ({ job: 'notify', id }));
}

/** What ended is to be sent again, with its own id; how many were not on their way anyway. */
export async function tellAgain(db: Reader, ids: number[], now: number): Promise<number> {
  const list = JSON.stringify(ids);
  const rows = await db.execute(sql`
    update ${notifications} set status = 'ready', reason = null, detail = null, not_before = null, ended_at = null,
      asked_at = ${at(now)}
    where id in (select value::bigint from json_array_elements_text(${list}::text::json))
      and status in ('sent','suppressed','dead') returning 1`);
  return rows.length;
}

/** Ends everything unfinished of these receivers; how much it was. */
export async function endUnfinished(
  db: Reader,
  receiverIds: string[],
  reason: Reason,
  detail: string,
  now: number,
): Promise<number> {
  if (receiverIds.length === 0) return 0;
  const rows = await db
    .update(notifications)
    .set({ status: 'suppressed', reason, detail: detail.slice(0, 500), notBefore: null, endedAt: now })
    .where(and(inArray(notifications.receiverId, receiverIds), unfinished))
    .returning({ id: notifications.id });
  return rows.length;
}
