// Alerts of the past, searched and by pages; what is held now; and which alert a message is about.
import { and, desc, eq, ilike, inArray, or, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { Reason } from '#core/notification.ts';
import { titleTold } from './broadcasts.ts';
import type { Reader } from './connection.ts';
import { unfinished } from './notifications.ts';
import { alerts } from './schema/alerts.ts';
import { notifications } from './schema/notifications.ts';

export interface PastAlerts {
  alerts: Alert[];
  count: number;
  page: number;
  pages: number;
}

/** The owner's alerts that fired, newest first; `search` is somewhere in their title, subject or topic. */
export async function pastAlerts(
  db: Reader,
  {
    ownerId,
    search,
    page: wanted,
    perPage,
  }: { ownerId: string; search: string; page: number; perPage: number },
): Promise<PastAlerts> {
  const like = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  const asked = and(
    eq(alerts.ownerId, ownerId),
    sql`${alerts.firedAt} is not null`,
    search === ''
      ? undefined
      : or(ilike(alerts.title, like), ilike(alerts.subject, like), ilike(alerts.topic, like)),
  );
  const [sum] = await db.select({ count: sql<number>`count(*)::int` }).from(alerts).where(asked);
  const count = sum?.count ?? 0;
  const pages = Math.max(1, Math.ceil(count / perPage));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const rows = await db
    .select()
    .from(alerts)
    .where(asked)
    .orderBy(desc(alerts.since), alerts.id)
    .limit(perPage)
    .offset(page * perPage);
  return { alerts: rows, count, page, pages };
}

export interface HeldBack {
  reason: Reason | null;
  detail: string | null;
  /** When it is looked at again. */
  until: number | null;
  title: string | null;
  subject: string | null;
  kind: string;
  at: number;
}

/** What is held back from these receivers now, the first to be told first; at most `limit`. */
export async function heldBack(db: Reader, receiverIds: string[], limit = 200): Promise<HeldBack[]> {
  if (receiverIds.length === 0) return [];
  return db
    .select({
      reason: notifications.reason,
      detail: notifications.detail,
      until: notifications.notBefore,
      title: titleTold,
      subject: alerts.subject,
      kind: notifications.kind,
      at: notifications.createdAt,
    })
    .from(notifications)
    .leftJoin(alerts, eq(alerts.id, notifications.alertId))
    .where(and(inArray(notifications.receiverId, receiverIds), unfinished, eq(notifications.status, 'held')))
    .orderBy(notifications.notBefore, notifications.id)
    .limit(limit);
}

/** The alerts that this message is about, or was when it was told, in the order in which alerts are locked. */
export async function alertsAtMessage(
  db: Reader,
  place: { channel: string; address: string; messageId: string },
  limit: number,
): Promise<string[]> {
  const { channel, address, messageId } = place;
  const rows = await db.execute<{ id: string }>(sql`
    with kept as (select alert_id from copies
        where channel = ${channel} and address = ${address} and message_id = ${messageId}),
      told as (select n.alert_id from deliveries d join notifications n on n.id = d.notification_id
        where d.channel = ${channel} and d.address = ${address} and d.message_id = ${messageId}
        and not exists (select 1 from kept))
    select a.id from alerts a where a.id in (select alert_id from kept union select alert_id from told)
    order by a.rule_id, a.key limit ${limit}`);
  return rows.map(({ id }) => id);
}

/** The alert of this owner that was told last. */
export async function lastTold(db: Reader, ownerId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(eq(alerts.ownerId, ownerId), sql`${alerts.firedAt} is not null`))
    .orderBy(desc(alerts.since), alerts.id)
    .limit(1);
  return row?.id;
}
