// How often a rule was put aside, and until when it is not offered to make it quieter.
import { sql } from 'drizzle-orm';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import { tunings } from './schema/rules.ts';

/** Alerts of each rule, or of the rule of each alert, that somebody snoozed, ended at once or only took note of, and mutes of the rule, since then. */
export async function timesDismissed(
  db: Reader,
  of: ({ ruleId: string } | { alertId: string })[],
  { since, hastyMs }: { since: number; hastyMs: number },
): Promise<number[]> {
  const from = at(since);
  const named = JSON.stringify(of.map((one, number) => ({ number, ...one })));
  const rows = await db.execute<{ of: number; n: number }>(sql`
    with v as (select number, coalesce(w."ruleId", (select rule_id from alerts where id = w."alertId")) as rule
      from json_to_recordset(${named}::text::json) as w(number int, "ruleId" text, "alertId" text))
    select v.number as of, ((select count(distinct a.id) from alerts a join transitions t on t.alert_id = a.id
        where a.rule_id = v.rule and t.at >= ${from} and t.by_ref like 'person:%' and (
          t.change = 'snoozed'
          or (t.change = 'resolved' and t.at <= a.fired_at + ${hastyMs}::int * interval '1 millisecond')
          or (t.change = 'acknowledged' and a.status = 'resolved'
            and not exists (select 1 from transitions n where n.alert_id = a.id and n.by_ref is not null and n.note is not null))))
      + (select count(*) from silences where rule_id = v.rule and starts_at >= ${from}))::int as n from v`);
  const found = new Map(rows.map(({ of, n }) => [of, n]));
  return of.map((_, i) => found.get(i) ?? 0);
}

/** Takes the turn to offer it; false while it was offered, or left as it is, not long ago. */
export async function takeTurn(db: Reader, ruleId: string, until: number, now: number): Promise<boolean> {
  const rows = await db
    .insert(tunings)
    .values({ ruleId, quietUntil: until })
    .onConflictDoUpdate({
      target: tunings.ruleId,
      set: { quietUntil: until },
      setWhere: sql`${tunings.quietUntil} <= ${at(now)}`,
    })
    .returning({ ruleId: tunings.ruleId });
  return rows.length > 0;
}

/** It is not offered until then. */
export async function leaveUntil(db: Reader, ruleId: string, until: number): Promise<void> {
  const row = { ruleId, quietUntil: until };
  await db.insert(tunings).values(row).onConflictDoUpdate({ target: tunings.ruleId, set: row });
}
