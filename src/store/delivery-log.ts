// The log of attempts, for those who ask what was sent, when, and what came back.
import { and, desc, eq, gte, lt, sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { past } from './notifications.ts';
import { deliveries, notifications } from './schema/notifications.ts';
import { receivers } from './schema/receivers.ts';

export interface LogQuery {
  receiverId?: string;
  ownerId?: string;
  channel?: string;
  outcome?: string;
  alertId?: string;
  from?: number;
  to?: number;
  /** Only attempts before this number: the last one of the page before. */
  before?: number;
  limit: number;
}

/** Attempts that match, newest first. Notes to people are left out: they are nobody's business. */
export async function deliveryLog(db: Reader, query: LogQuery) {
  const { receiverId, ownerId, channel, outcome, alertId, from, to, before, limit } = query;
  return db
    .select(shownColumns)
    .from(deliveries)
    .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
    .leftJoin(receivers, eq(receivers.id, notifications.receiverId))
    .where(
      and(
        sql`${notifications.kind} <> 'note' and ${notifications.receiverId} <> 'v_canary'`,
        receiverId === undefined ? undefined : and(eq(notifications.receiverId, receiverId), past),
        ownerId === undefined ? undefined : eq(receivers.ownerId, ownerId),
        channel === undefined ? undefined : eq(deliveries.channel, channel),
        outcome === undefined ? undefined : sql`${deliveries.outcome} = ${outcome}`,
        alertId === undefined ? undefined : eq(notifications.alertId, alertId),
        from === undefined ? undefined : gte(deliveries.startedAt, from),
        to === undefined ? undefined : lt(deliveries.startedAt, to),
        before === undefined ? undefined : lt(deliveries.id, before),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(limit);
}

/** One attempt, or undefined. */
export async function findDelivery(db: Reader, id: number) {
  const [row] = await db
    .select({ ...shownColumns, exchange: deliveries.exchange })
    .from(deliveries)
    .innerJoin(notifications, eq(notifications.id, deliveries.notificationId))
    .leftJoin(receivers, eq(receivers.id, notifications.receiverId))
    .where(eq(deliveries.id, id));
  return row;
}

const shownColumns = {
  id: deliveries.id,
  notificationId: deliveries.notificationId,
  kind: notifications.kind,
  alertId: notifications.alertId,
  revision: notifications.alertRev,
  receiverId: notifications.receiverId,
  receiver: receivers.label,
  ownerId: receivers.ownerId,
  channel: deliveries.channel,
  attempt: deliveries.attempt,
  outcome: deliveries.outcome,
  marked: deliveries.marked,
  detail: deliveries.detail,
  status: notifications.status,
  startedAt: deliveries.startedAt,
  endedAt: deliveries.endedAt,
};
