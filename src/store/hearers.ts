// Who has heard of an alert, and whom a list of people and receivers means.
import { and, eq, inArray, isNull, max, or, sql } from 'drizzle-orm';
import type { Hearer } from '#core/care.ts';
import { compareSeverity } from '#core/severity.ts';
import type { Reader } from './connection.ts';
import { alerts, transitions } from './schema/alerts.ts';
import { copies, notifications } from './schema/notifications.ts';
import { receivers } from './schema/receivers.ts';

/** The receivers that have heard of an alert. */
export async function hearersOf(db: Reader, alertId: string): Promise<Hearer[]> {
  const told = and(
    eq(notifications.alertId, copies.alertId),
    eq(notifications.receiverId, copies.receiverId),
  );
  const next = and(
    eq(transitions.alertId, notifications.alertId),
    eq(transitions.rev, notifications.alertRev),
    eq(transitions.change, 'escalated'),
  );
  return db
    .select({
      receiverId: copies.receiverId,
      isMachine: receivers.everyChange,
      heardAt: copies.heardAt,
      nextAt: max(transitions.at),
    })
    .from(copies)
    .innerJoin(receivers, eq(receivers.id, copies.receiverId))
    .leftJoin(notifications, told)
    .leftJoin(transitions, next)
    .where(eq(copies.alertId, alertId))
    .groupBy(copies.receiverId, receivers.everyChange, copies.heardAt);
}

/** Whether one of this owner's receivers has heard of the alert. */
export async function hasHeard(db: Reader, alertId: string, ownerId: string): Promise<boolean> {
  const rows = await db
    .select({ id: copies.receiverId })
    .from(copies)
    .innerJoin(receivers, eq(receivers.id, copies.receiverId))
    .where(and(eq(copies.alertId, alertId), eq(receivers.ownerId, ownerId)))
    .limit(1);
  return rows.length > 0;
}

/** The working receivers of these owners and of these receiver ids, and how they are called. */
export async function audienceOf(
  db: Reader,
  names: string[],
): Promise<{ receivers: string[]; said: string }> {
  if (names.length === 0) return { receivers: [], said: '' };
  const rows = await db
    .select({ id: receivers.id, label: receivers.label })
    .from(receivers)
    .where(
      and(isNull(receivers.disabled), or(inArray(receivers.id, names), inArray(receivers.ownerId, names))),
    );
  return { receivers: rows.map(({ id }) => id), said: rows.map(({ label }) => label).join(', ') };
}

/** The titles of what still burns of what was told at these receivers, the worst first. */
export async function stillBurningAt(db: Reader, receiverIds: string[]): Promise<string[]> {
  if (receiverIds.length === 0) return [];
  const rows = await db
    .selectDistinct({
      id: alerts.id,
      title: alerts.title,
      subject: alerts.subject,
      severity: alerts.severity,
    })
    .from(copies)
    .innerJoin(alerts, eq(alerts.id, copies.alertId))
    .where(and(inArray(copies.receiverId, receiverIds), sql`${alerts.status} <> 'resolved'`));
  return rows
    .sort((a, b) => compareSeverity(b.severity, a.severity))
    .map(({ title, subject }) => (title.includes(subject) ? title : `${title}: ${subject}`));
}
