// What holds only until it is said again, while nobody could have heard it said.
import { sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { ruleStates, rules } from './schema.ts';

/**
 * Gives back the time from `from` to `to` to every alert that waits to be said again: Prometheus spoke, and we were not
 * there. Its timer may ring at the old instant; the kind then asks for the new one.
 */
export async function giveBackTime(db: Reader, from: number, to: number): Promise<number> {
  if (to <= from) return 0;
  const given = await db.execute(sql`
    update ${ruleStates} s
    set state = jsonb_set(s.state, '{until}', to_jsonb((s.state->>'until')::numeric + ${to - from}::numeric))
    where s.due_at is not null and s.rule_id in (select id from ${rules} where kind = 'every')
      and jsonb_typeof(s.state->'until') = 'number' and (s.state->>'until')::numeric > ${from}::numeric
    returning s.key`);
  return given.length;
}
