// What holds only until it is said again, while nobody could have heard it said.
import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { ruleStates, rules } from './schema/rules.ts';

/**
 * Gives back the time from `from` to `to` to every alert that waits to be said again: Prometheus spoke, and we were not
 * there. Its timer may ring at the old instant; the kind then asks for the new one.
 */
export async function giveBackTime(db: Reader, from: number, to: number): Promise<number> {
  if (to <= from) return 0;
  const waits = (state: SQL) =>
    sql`(jsonb_typeof(${state}->'until') = 'number' and (${state}->>'until')::numeric > ${from}::numeric)`;
  const later = (state: SQL) =>
    sql`jsonb_build_object('until', (${state}->>'until')::numeric + ${Math.round(to - from)}::numeric)`;
  const [whole, one] = [sql`s.state`, sql`v->'state'`];
  // Of a rule with time bands each reading remembers it.
  const views = sql`case when jsonb_typeof(s.state->'views') = 'array' then s.state->'views' else '[]' end`;
  const given = await db.execute(sql`
    update ${ruleStates} s set state = case when ${waits(whole)} then s.state || ${later(whole)}
      else jsonb_set(s.state, '{views}', (
        select jsonb_agg(case when ${waits(one)} then v || jsonb_build_object('state', ${one} || ${later(one)}) else v end order by n)
        from jsonb_array_elements(${views}) with ordinality as x(v, n))) end
    where s.due_at is not null and s.rule_id in (select id from ${rules} where kind = 'every')
      and (${waits(whole)} or exists (select 1 from jsonb_array_elements(${views}) v where ${waits(one)}))
    returning s.key`);
  return given.length;
}
