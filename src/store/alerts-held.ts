// Alerts that somebody is about to change, whole and locked, each with its rule.
import { and, eq, isNull } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { Rule } from '#core/rule.ts';
import { among } from './among.ts';
import type { Tx } from './connection.ts';
import { ruleOf } from './rule-rows.ts';
import { columns } from './rules.ts';
import { alerts } from './schema/alerts.ts';
import { rules } from './schema/rules.ts';

/** `rule`: undefined when it was deleted. */
export interface Held {
  alert: Alert;
  rule: Rule | undefined;
}

/** By their ids, locked until the transaction ends, in the order in which alerts are locked; `skipLocked`: without others'. */
export async function holdAlerts(tx: Tx, ids: string[], skipLocked: boolean): Promise<Map<string, Held>> {
  const rows = await tx
    .select({ alert: alerts, rule: columns })
    .from(alerts)
    .leftJoin(rules, and(eq(rules.id, alerts.ruleId), isNull(rules.deletedAt)))
    .where(among(alerts.id, ids))
    .orderBy(alerts.ruleId, alerts.key)
    .for('update', { of: alerts, ...(skipLocked ? { skipLocked } : {}) });
  return new Map(rows.map(({ alert, rule }) => [alert.id, { alert, rule: rule ? ruleOf(rule) : undefined }]));
}
