// Alerts that somebody is about to change, whole and locked, each with its rule.
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { Rule } from '#core/rule.ts';
import { among } from './among.ts';
import { sqlState, type Tx } from './connection.ts';
import { constant } from './constant.ts';
import type { Unsent } from './lastly.ts';
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

/** An alert as it was seen a moment ago, not locked, with the marks by which its row and its rule's are known again. */
export interface Seen extends Held {
  marks: { alert: string; rule: string | null };
}

/** What a question asks for beside `alerts` and `rules`, for `marks`. */
export const rowMarks = {
  alert: sql<string>`${alerts}.xmin::text`,
  rule: sql<string | null>`${rules}.xmin::text`,
};

/** Somebody, in the role in which they were seen. */
type InRole = { personId: string; role: string };

// Only what fails takes the commit behind it along. PostgreSQL writes it into its log, so it says there that nothing is wrong; what
// is cast in vain is no constant, or it would be as the statement is planned.
const held = constant(`
  with seen as materialized (
    select * from json_to_recordset($1::text::json) as v(id text, mark text, rule text, person text, role text)),
  held as materialized (
    select a.id, a.rule_id, a.xmin::text as mark from alerts a where a.id = any(array(select id from seen))
    order by a.rule_id, a.key for update of a skip locked)
  select case when (select count(*) from seen) = (
      select count(*) from seen s join held h on h.id = s.id and h.mark = s.mark
        join people p on p.id = s.person and p.role = s.role and p.left_at is null
        left join rules r on r.id = h.rule_id and r.deleted_at is null
        where r.xmin::text is not distinct from s.rule)
    then 0 else ('no fault: an alert changed before a press was written, which is read again; of ' || (select count(*) from seen))::int end`);

/** Locks alerts, unsent; fails, and the transaction with it, unless all of it is still as it was seen (`isOutdated`). */
export function holdAsSeen(tx: Tx, seen: (Seen & InRole)[]): Unsent<unknown> {
  const rows = seen.map(({ alert: { id }, marks, personId, role }) => ({
    id,
    mark: marks.alert,
    rule: marks.rule,
    person: personId,
    role,
  }));
  return held(tx, [JSON.stringify(rows)]);
}

/** Whether it failed because something was not as it was seen, or because somebody else holds it. */
export function isOutdated(error: unknown): boolean {
  return sqlState(error) === '22P02';
}
