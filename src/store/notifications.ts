// What we mean to tell: the undecided, their fate, and sentences of our own.
import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import { cut } from '#core/cut.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { finalStatuses, type NotificationStatus, type Reason } from '#core/notification.ts';
import type { Severity } from '#core/severity.ts';
import { among } from './among.ts';
import type { Reader, Tx } from './connection.ts';
import { alerts } from './schema/alerts.ts';
import { notifications } from './schema/notifications.ts';

type Row = typeof notifications.$inferSelect;
/** Of notifications; as the index says it, so that a kept plan may use it. */
export const unfinished = sql`${notifications.status} not in ('sent','suppressed','dead')`;
const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

/** Adds a sentence of ours for one receiver; returns the doorbells to ring after the commit. */
export async function addNote(
  db: Reader,
  receiverId: string,
  text: string,
  severity: Severity,
  now: number,
  /** A notification that the note is about and that can be tried again. */
  again?: number,
): Promise<Doorbell[]> {
  await db.insert(notifications).values({
    kind: 'note',
    viaId: again ?? null,
    receiverId,
    severity,
    status: 'pending',
    body: text,
    createdAt: now,
  });
  return [{ job: 'notify', id: receiverId }];
}

/** A digest of what happened between two instants; the doorbells. */
export async function addDigest(
  db: Reader,
  receiverId: string,
  asked: { ownerId: string; staff: boolean; since: number; until: number },
  now: number,
): Promise<Doorbell[]> {
  const told = { receiverId, severity: 'info', status: 'pending', createdAt: now } as const;
  await db.insert(notifications).values({ ...told, kind: 'digest', body: JSON.stringify(asked) });
  return [{ job: 'notify', id: receiverId }];
}

/** These notifications, in their order. */
export async function notificationsNamed(db: Reader, ids: number[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  return db.select().from(notifications).where(inArray(notifications.id, ids)).orderBy(asc(notifications.id));
}

/** What these alerts are now, in no order. */
export async function alertsNamed(db: Reader, ids: string[]): Promise<Alert[]> {
  return ids.length === 0 ? [] : db.select().from(alerts).where(among(alerts.id, ids));
}

export type Telling = Pick<Row, 'id' | 'kind' | 'severity' | 'status' | 'receiverId' | 'alertId'>;

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
      and (not v.waiting or n.status in ('ready','retry','unknown'))
    returning n.id`);
}

/** What waits to be sent is not sent before then. */
export async function putOff(db: Reader, id: number, until: number): Promise<void> {
  await db.execute(sql`update notifications set not_before = greatest(not_before, ${at(until)})
    where id = ${id}::bigint and status in ('ready','retry','unknown')`);
}

/** Adds the message that tells several together, and why they were held; its id. */
export async function addSummary(
  tx: Tx,
  receiverId: string,
  told: number[],
  severity: Severity,
  why: Reason,
  now: number,
): Promise<number> {
  const [row] = await tx
    .insert(notifications)
    .values({
      kind: 'summary',
      receiverId,
      severity,
      status: 'ready',
      body: JSON.stringify(told),
      detail: why,
      createdAt: now,
    })
    .returning({ id: notifications.id });
  return row!.id;
}

/** The severity with which it will be, or was, worded. */
export async function setSeverity(db: Reader, id: number, severity: Severity): Promise<void> {
  await db.update(notifications).set({ severity }).where(eq(notifications.id, id));
}

/** Makes sure that “over” is on its way to somebody whose message still said that it burns. */
export async function oweOver(
  tx: Tx,
  receiverId: string,
  alert: { id: string; rev: number; severity: Severity },
  now: number,
): Promise<boolean> {
  const rows = await tx
    .insert(notifications)
    .values({
      kind: 'over',
      receiverId,
      alertId: alert.id,
      alertRev: alert.rev,
      severity: alert.severity,
      status: 'pending',
      createdAt: now,
    })
    .onConflictDoUpdate({
      target: [notifications.alertId, notifications.alertRev, notifications.receiverId, notifications.kind],
      set: { status: 'pending', reason: null, detail: null, endedAt: null },
      setWhere: and(
        eq(notifications.status, 'suppressed'),
        inArray(notifications.reason, ['never-told', 'superseded']),
      ) as SQL,
    })
    .returning({ id: notifications.id });
  return rows.length > 0;
}

/** A sealed code for its receiver alone; the doorbells. */
export async function addCode(
  db: Reader,
  receiverId: string,
  sealed: string,
  now: number,
): Promise<Doorbell[]> {
  const asked = { receiverId, severity: 'info', status: 'pending', createdAt: now } as const;
  await db.insert(notifications).values({ ...asked, kind: 'code', body: sealed });
  return [{ job: 'notify', id: receiverId }];
}

/** Something to see whether a receiver works. */
export async function addTest(db: Reader, receiverId: string, now: number): Promise<Doorbell[]> {
  const asked = { receiverId, severity: 'info', status: 'pending', createdAt: now } as const;
  await db.insert(notifications).values({ ...asked, kind: 'test' });
  return [{ job: 'notify', id: receiverId }];
}

/** The last test of a receiver. */
export async function lastTest(db: Reader, receiverId: string): Promise<Row | undefined> {
  const [row] = await db
    .select()
    .from(notifications)
    .where(and(eq(notifications.receiverId, receiverId), eq(notifications.kind, 'test')))
    .orderBy(sql`${notifications.id} desc`)
    .limit(1);
  return row;
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

/** What a receiver was to be told between two instants, and was or was not, oldest first. */
export async function toldBetween(
  db: Reader,
  receiverId: string,
  from: number,
  to: number,
  limit: number,
): Promise<number[]> {
  const rows = await db
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        eq(notifications.receiverId, receiverId),
        sql`${notifications.createdAt} >= ${at(from)} and ${notifications.createdAt} < ${at(to)}`,
        inArray(notifications.status, [...finalStatuses]),
        sql`coalesce(${notifications.reason}, '') <> 'opted-out' and ${notifications.kind} not in ('code', 'note')`,
      ),
    )
    .orderBy(asc(notifications.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** Adds a silent message in the place of one that is gone, for an alert that still burns. */
export async function addReplacement(
  tx: Tx,
  receiverId: string,
  alert: { id: string; rev: number; severity: Severity },
  now: number,
): Promise<void> {
  await tx
    .insert(notifications)
    .values({
      kind: 'firing',
      receiverId,
      alertId: alert.id,
      alertRev: alert.rev,
      severity: alert.severity,
      status: 'ready',
      body: replacement,
      createdAt: now,
    })
    .onConflictDoNothing();
}

/** The body of a firing message that only takes the place of a lost one. */
export const replacement = 'replacement';

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

/** Makes the held notifications of these receivers be judged again now; the doorbells to ring. */
export async function judgeAgain(db: Reader, receiverIds: string[], now: number): Promise<Doorbell[]> {
  if (receiverIds.length === 0) return [];
  await db
    .update(notifications)
    .set({ notBefore: now })
    .where(and(inArray(notifications.receiverId, receiverIds), unfinished, eq(notifications.status, 'held')));
  return receiverIds.map((id) => ({ job: 'notify', id }));
}
