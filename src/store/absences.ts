// Who waits for something to come, while nobody could have let it in.
import { sql } from 'drizzle-orm';
import { nextCron } from '#core/cron.ts';
import { parseDuration } from '#core/duration.ts';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import { ruleStates, rules } from './schema/rules.ts';

/** Clocks differ, and whoever just missed us may be a moment late. */
const nearMs = 60_000;
const usualGrace = 300_000;

interface Waiting extends Record<string, unknown> {
  rule_id: string;
  key: string;
  due: string | number;
  params: { every?: string; cron?: string; zone?: string; grace?: string };
  zone: string | null;
}

/**
 * What was expected between `from` and `to`, when we were away, may have come and not been let in: whoever waits for it
 * waits one interval more, from the moment at which we accept again, or until its next scheduled time. `zone`: of
 * schedules whose owner has not said theirs.
 */
export async function waitOnceMore(db: Reader, zone: string, from: number, to: number): Promise<number> {
  if (to <= from) return 0;
  const rows = await db.execute<Waiting>(sql`
    select s.rule_id, s.key, extract(epoch from s.due_at) * 1000 as due, r.params, r.ground->>'zone' as zone
    from ${ruleStates} s join ${rules} r on r.id = s.rule_id
    where r.kind = 'absence' and not s.met and s.due_at > ${at(from - nearMs)}`);
  const moved = rows.flatMap((row) => {
    const due = Math.round(Number(row.due));
    const next = nextFor(row, due, zone, from, to);
    return next === undefined || next <= due
      ? []
      : [{ r: row.rule_id, k: row.key, due: iso(due), next: iso(next) }];
  });
  if (moved.length === 0) return 0;
  const done = await db.execute(sql`
    update ${ruleStates} s set due_at = v.next
    from json_to_recordset(${JSON.stringify(moved)}::text::json) as v(r text, k text, due timestamptz, next timestamptz)
    where s.rule_id = v.r and s.key = v.k and s.due_at = v.due and not s.met returning 1`);
  return done.length;
}

/** When it is missed then; undefined: it was not expected while we were away. */
function nextFor(
  { params, zone: own }: Waiting,
  due: number,
  zone: string,
  from: number,
  to: number,
): number | undefined {
  const { every, cron, grace } = params;
  const lateness = (grace === undefined ? undefined : parseDuration(grace)) ?? (cron ? usualGrace : 0);
  const expected = due - lateness;
  if (expected < from - nearMs || expected > to + nearMs) return undefined;
  if (cron !== undefined) {
    const next = nextCron(cron, params.zone ?? own ?? zone, to + nearMs);
    return next === undefined ? undefined : next + lateness;
  }
  const span = every === undefined ? undefined : parseDuration(every);
  return span === undefined ? undefined : to + span + lateness;
}

const iso = (ms: number) => new Date(ms).toISOString();
