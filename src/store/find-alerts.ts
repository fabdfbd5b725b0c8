// Alerts as they stand; locked where they are about to change, always in the same order.
import { and, eq, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import { among } from './among.ts';
import { at } from './at.ts';
import type { Reader, Tx } from './connection.ts';
import { pairsNamed, type RuleKey } from './rule-states.ts';
import { alerts } from './schema/alerts.ts';

/** One alert, locked until the transaction ends when `lock` is asked for. */
export async function findAlert(db: Reader, id: string, lock = false): Promise<Alert | undefined> {
  const query = db.select().from(alerts).where(eq(alerts.id, id));
  const [row] = await (lock ? query.for('update') : query);
  return row;
}

/** What these alerts are now, in no order. */
export async function alertsNamed(db: Reader, ids: string[]): Promise<Alert[]> {
  return ids.length === 0 ? [] : db.select().from(alerts).where(among(alerts.id, ids));
}

/** The open alerts of these rules and keys, and every rule's for each of `keys`, locked, always in the same order. */
export async function lockOpenAlerts(tx: Tx, wanted: RuleKey[], keys: string[] = []): Promise<Alert[]> {
  if (wanted.length === 0 && keys.length === 0) return [];
  const found = await tx
    .select({ row: alerts })
    .from(pairsNamed(wanted, keys, sql`${alerts} s on s.key collate "C" = w.key and s.status <> 'resolved'`))
    .innerJoin(
      alerts,
      sql`p.rule_id = ${alerts.ruleId} and p.key = ${alerts.key} and ${alerts.status} <> 'resolved'`,
    )
    .orderBy(alerts.ruleId, alerts.key)
    .for('update', { of: alerts });
  return found.map(({ row }) => row);
}

/** The open alerts of one rule, locked; for withdrawing them with the rule. */
export async function lockAlertsOfRule(tx: Tx, ruleId: string): Promise<Alert[]> {
  return tx
    .select()
    .from(alerts)
    .where(and(eq(alerts.ruleId, ruleId), sql`${alerts.status} <> 'resolved'`))
    .orderBy(alerts.key)
    .for('update');
}

/** Snoozed alerts whose time has come, locked; others' rows are left to them. */
export async function lockWaking(tx: Tx, now: number, limit = 200): Promise<Alert[]> {
  return tx
    .select()
    .from(alerts)
    .where(
      and(
        sql`${alerts.snoozedUntil} is not null`,
        sql`${alerts.snoozedUntil} <= ${at(now)}`,
        sql`${alerts.status} <> 'resolved'`,
      ),
    )
    .orderBy(alerts.ruleId, alerts.key)
    .limit(limit)
    .for('update', { skipLocked: true });
}

export type Standing = Pick<Alert, 'id' | 'rev' | 'status' | 'severity'>;

/** How these alerts stand, locked until the transaction ends, in the order in which alerts are locked. */
export async function lockAlerts(tx: Tx, ids: string[]): Promise<Map<string, Standing>> {
  if (ids.length === 0) return new Map();
  const { id, rev, status, severity } = alerts;
  const rows = await tx
    .select({ id, rev, status, severity })
    .from(alerts)
    .where(among(alerts.id, ids))
    .orderBy(alerts.ruleId, alerts.key)
    .for('update');
  return new Map(rows.map((alert) => [alert.id, alert]));
}
