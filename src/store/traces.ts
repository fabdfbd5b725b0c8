// What became of events and alerts: the rows that tell the story, for those who ask.
import { and, desc, eq, gte, inArray, lt, or, sql } from 'drizzle-orm';
import type { Status } from '#core/alert.ts';
import type { Severity } from '#core/severity.ts';
import { patternSource } from '#core/topic.ts';
import type { Reader } from './connection.ts';
import { alerts, transitions } from './schema/alerts.ts';
import { deliveries, notifications } from './schema/notifications.ts';
import { receivers } from './schema/receivers.ts';

/** The changes that one event caused, oldest first, each with its alert's rule; at most 200. */
export async function transitionsOfEvent(db: Reader, seq: number) {
  return db
    .select({
      alertId: transitions.alertId,
      ruleId: alerts.ruleId,
      rev: transitions.rev,
      from: transitions.from,
      to: transitions.to,
      change: transitions.change,
      at: transitions.at,
      reading: transitions.reading,
      note: transitions.note,
    })
    .from(transitions)
    .leftJoin(alerts, eq(alerts.id, transitions.alertId))
    .where(eq(transitions.seq, seq))
    .orderBy(transitions.id)
    .limit(200);
}

/** The notifications of these revisions of alerts (all revisions when `rev` is absent), with their deliveries. */
export async function notificationsOf(db: Reader, wanted: { alertId: string; rev?: number }[]) {
  if (wanted.length === 0) return [];
  const rows = await db
    .select({
      id: notifications.id,
      alertId: notifications.alertId,
      rev: notifications.alertRev,
      kind: notifications.kind,
      receiver: receivers.label,
      receiverId: notifications.receiverId,
      channel: receivers.channel,
      status: notifications.status,
      reason: notifications.reason,
      detail: notifications.detail,
      notBefore: notifications.notBefore,
      toldBy: notifications.viaId,
      at: notifications.createdAt,
      endedAt: notifications.endedAt,
    })
    .from(notifications)
    .leftJoin(receivers, eq(receivers.id, notifications.receiverId))
    .where(
      or(
        ...wanted.map(({ alertId, rev }) =>
          and(
            eq(notifications.alertId, alertId),
            rev === undefined ? undefined : eq(notifications.alertRev, rev),
          ),
        ),
      ),
    )
    .orderBy(notifications.id)
    .limit(500);
  const tries =
    rows.length === 0
      ? []
      : await deliveriesOf(
          db,
          rows.map(({ id }) => id),
        );
  return rows.map((row) => ({
    ...row,
    deliveries: tries.filter((delivery) => delivery.notificationId === row.id),
  }));
}

function deliveriesOf(db: Reader, ids: number[]) {
  return db
    .select({
      notificationId: deliveries.notificationId,
      attempt: deliveries.attempt,
      outcome: deliveries.outcome,
      marked: deliveries.marked,
      detail: deliveries.detail,
      startedAt: deliveries.startedAt,
      endedAt: deliveries.endedAt,
    })
    .from(deliveries)
    .where(inArray(deliveries.notificationId, ids))
    .orderBy(deliveries.id);
}

export interface AlertsQuery {
  /** What the asker may see; `**` is everything. */
  topics: readonly string[];
  statuses: Status[];
  topic?: string | undefined;
  subject?: string | undefined;
  severity?: Severity | undefined;
  ruleId?: string | undefined;
  ownerId?: string | undefined;
  /** Those that began from then on and before then. */
  since?: number | undefined;
  until?: number | undefined;
  /** Only what stands behind this one in the order of the list. */
  behind?: { since: number; id: string } | undefined;
  limit: number;
}

/** The newest alerts that match, at most `limit`. */
export async function newestAlerts(db: Reader, query: AlertsQuery) {
  const { topics, statuses, topic, subject, severity, ruleId, ownerId, since, until, behind, limit } = query;
  const under = (pattern: string) => sql`'.' || ${alerts.topic} ~ ${patternSource(pattern)}`;
  const at = behind && sql`${new Date(behind.since).toISOString()}::timestamptz`;
  return db
    .select()
    .from(alerts)
    .where(
      and(
        statuses.length > 0 ? inArray(alerts.status, statuses) : undefined,
        topics.includes('**') ? undefined : (or(...topics.map(under)) ?? sql`false`),
        topic === undefined || topic === '**' ? undefined : under(topic),
        subject === undefined ? undefined : eq(alerts.subject, subject),
        severity === undefined ? undefined : eq(alerts.severity, severity),
        ruleId === undefined ? undefined : eq(alerts.ruleId, ruleId),
        ownerId === undefined ? undefined : eq(alerts.ownerId, ownerId),
        since === undefined ? undefined : gte(alerts.since, since),
        until === undefined ? undefined : lt(alerts.since, until),
        behind && sql`(${alerts.since} < ${at} or (${alerts.since} = ${at} and ${alerts.id} > ${behind.id}))`,
      ),
    )
    .orderBy(desc(alerts.since), alerts.id)
    .limit(limit);
}
