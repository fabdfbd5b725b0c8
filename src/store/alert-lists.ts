// Alerts as they are read: what burns, what nobody has, and how one came to be. Only alerts.ts changes them.
import { and, count, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import { alerts, transitions } from './schema/alerts.ts';

/** The newest alert of a rule, over or not. */
export async function newestAlertOf(db: Reader, ruleId: string): Promise<Alert | undefined> {
  const [row] = await db
    .select()
    .from(alerts)
    .where(eq(alerts.ruleId, ruleId))
    .orderBy(desc(alerts.since))
    .limit(1);
  return row;
}

/** What burns or waits for these owners (all when undefined), worst and oldest first; at most `limit`. */
export async function openAlertsOf(
  db: Reader,
  ownerIds: string[] | undefined,
  limit = 200,
): Promise<Alert[]> {
  const rows = await db
    .select()
    .from(alerts)
    .where(
      and(
        inArray(alerts.status, ['firing', 'acknowledged']),
        ownerIds ? inArray(alerts.ownerId, ownerIds) : undefined,
      ),
    )
    .orderBy(
      sql`array_position(array['critical','warning','info'], ${alerts.severity})`,
      alerts.since,
      alerts.id,
    )
    .limit(limit);
  return rows;
}

/** How much burns or waits for each of these owners; who is not in it has nothing. */
export async function countOpen(db: Reader, ownerIds: string[]): Promise<Map<string, number>> {
  const rows = await db
    .select({ ownerId: alerts.ownerId, many: count() })
    .from(alerts)
    .where(and(inArray(alerts.ownerId, ownerIds), inArray(alerts.status, ['firing', 'acknowledged'])))
    .groupBy(alerts.ownerId);
  return new Map(rows.map(({ ownerId, many }) => [ownerId, many]));
}

/** What burns for an owner, fired up to `before`, and nobody has; in the order in which alerts are locked. */
export async function unattendedOf(
  db: Reader,
  ownerId: string,
  before: number,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .select({ id: alerts.id })
    .from(alerts)
    .where(
      and(eq(alerts.ownerId, ownerId), eq(alerts.status, 'firing'), sql`${alerts.firedAt} <= ${at(before)}`),
    )
    .orderBy(alerts.ruleId, alerts.key)
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** The alerts that one message told, that burn and that nobody has. */
export async function unattendedIn(db: Reader, notificationId: number, limit: number): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select a.id from alerts a where a.status = 'firing'
      and a.id in (select alert_id from notifications where via_id = ${notificationId})
    order by a.rule_id, a.key limit ${limit}`);
  return rows.map(({ id }) => id);
}

/** Every recorded change of one alert, oldest first. */
export async function transitionsOf(db: Reader, alertId: string) {
  const { xid: _, ...columns } = getTableColumns(transitions);
  return db
    .select(columns)
    .from(transitions)
    .where(eq(transitions.alertId, alertId))
    .orderBy(transitions.rev);
}
