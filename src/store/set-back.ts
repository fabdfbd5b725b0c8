// After the clock went back: what is to happen in a while happens then, and not when the old clock's time comes again.
import { type SQL, sql } from 'drizzle-orm';
import { setAlertsBack } from './alerts.ts';
import { at } from './at.ts';
import { noCanaryAhead } from './canary.ts';
import type { Db, Reader, Tx } from './connection.ts';
import { findMarker, putMarker } from './markers.ts';
import { stopEvaluations } from './rules.ts';

const madeUp = 'clock-made-up';

/** All jumps of the clock that were made up for, together: whoever saw one finds here what others have done about it. */
export async function madeUpSoFar(db: Reader): Promise<number> {
  return (await findMarker(db, madeUp))?.value ?? 0;
}

/** How far the clock went; asked while nobody evaluates and nobody else makes up for a jump. */
export type HowFar = (tx: Tx) => Promise<number>;

async function makeUp(
  db: Db,
  howFar: HowFar,
  isWorth: (jump: number) => boolean,
  work: (tx: Tx, jump: number) => Promise<void>,
): Promise<number> {
  return db.transaction(async (tx) => {
    await stopEvaluations(tx);
    const jump = Math.round(await howFar(tx));
    if (!isWorth(jump)) return 0;
    await work(tx, jump);
    await putMarker(tx, madeUp, (await madeUpSoFar(tx)) + jump);
    return jump;
  });
}

/**
 * The clock went forward: what was taken by the old one and is not judged yet counts as taken that much later, or
 * between it and the next there would be the time that never passed. `work`: what else must be done while nothing is judged.
 * Up to `littleMs` nothing is done. By how much was made up for here.
 */
export function bringForward(
  db: Db,
  howFar: HowFar,
  littleMs: number,
  now: number,
  work: (tx: Tx, byMs: number) => Promise<void>,
): Promise<number> {
  const ahead = async (tx: Tx, byMs: number) => {
    const old = at(now - byMs);
    await tx.execute(sql`
      update events set received_at = received_at + make_interval(secs => ${byMs / 1_000}::float8)
      where processed_at is null and received_at <= ${old} + interval '1 second'`);
    await work(tx, byMs);
  };
  return makeUp(db, howFar, (jump) => jump > littleMs, ahead);
}

/**
 * Moves everything that was to come so long after something by the time that the clock went back: pace, retries, edits,
 * claims, `for` and what is absent, reminders. What is told by a clock on the wall (silences, quiet hours, digests,
 * snoozes) stays where it was. What was set by a clock that did not go back comes early, which is harmless: it is asked
 * once more whether it is time. Below `littleMs` nothing is done. By how much was moved here.
 */
export async function setBack(db: Db, howFar: HowFar, littleMs: number, now: number): Promise<number> {
  return -(await makeUp(
    db,
    howFar,
    (jump) => -jump >= littleMs,
    (tx, jump) => moveBack(tx, -jump, now),
  ));
}

async function moveBack(tx: Tx, byMs: number, now: number): Promise<void> {
  const moment = at(now);
  const by = sql`make_interval(secs => ${byMs / 1_000}::float8)`;
  await noCanaryAhead(tx, now);
  await setAlertsBack(tx, byMs, now);
  await tx.execute(sql`update rule_states set due_at = due_at - ${by} where due_at > ${moment}`);
  // Otherwise whatever bears a time of its own would be late until the old time comes again.
  await tx.execute(sql`update rule_states set last_time = ${moment} where last_time > ${moment}`);
  await setMemoriesBack(tx, byMs, now);
  // What reminders are counted from.
  await tx.execute(sql`
      update copies set heard_at = heard_at - ${by} where alert_id in (select alert_id from cares where due_at > ${moment})`);
  await tx.execute(
    sql`update cares set since = since - ${by}, due_at = due_at - ${by} where due_at > ${moment}`,
  );
  await tx.execute(
    sql`update verifications set asked_at = asked_at - ${by}, until = until - ${by} where until > ${moment}`,
  );
  await tx.execute(sql`
      update notifications set created_at = least(created_at, ${moment}),
        not_before = case when status = 'held' then least(not_before, ${moment}) when not_before > ${moment} then not_before - ${by} else not_before end
      where status not in ('sent','suppressed','dead') and (created_at > ${moment} or not_before > ${moment})`);
  await tx.execute(sql`
      update budgets set free_at = case when free_at > ${moment} then free_at - ${by} else free_at end,
        paused_until = paused_until - ${by}, lease_until = lease_until - ${by}, share_at = case when share_at > ${moment} then ${moment} else share_at end
      where free_at > ${moment} or paused_until > ${moment} or lease_until > ${moment} or share_at > ${moment}`);
  await tx.execute(sql`update copies set edit_after = edit_after - ${by} where edit_after > ${moment}`);
  await tx.execute(sql`
      update boards set edit_after = edit_after - ${by}, last_at = least(last_at, ${moment})
      where ended_at is null and (edit_after > ${moment} or last_at > ${moment})`);
  await tx.execute(
    sql`update updates set not_before = not_before - ${by} where done_at is null and not_before > ${moment}`,
  );
  await tx.execute(sql`
      update targets set next_at = next_at - ${by}, lease_until = lease_until - ${by}
      where next_at > ${moment} or lease_until > ${moment}`);
  await tx.execute(
    sql`update broadcasts set next_at = next_at - ${by} where status = 'running' and next_at > ${moment}`,
  );
  await tx.execute(
    sql`update acts set due_at = due_at - ${by} where status in ('confirmed','calling') and due_at > ${moment}`,
  );
}

/**
 * What kinds and bands count from. Silence is counted from when something came last; of a schedule, which keeps the time on
 * the wall, only what would lie ahead is moved.
 */
async function setMemoriesBack(tx: Tx, byMs: number, now: number): Promise<void> {
  const by = sql`${Math.round(byMs)}::numeric`;
  const waits = (state: SQL) => sql`(jsonb_typeof(${state}->'last') = 'number' and r.kind = 'absence'
    and (r.params->'every' is not null or (${state}->>'last')::numeric > ${now}::numeric))`;
  const earlier = (state: SQL) => sql`jsonb_build_object('last', (${state}->>'last')::numeric - ${by})`;
  const [whole, one] = [sql`s.state`, sql`v->'state'`];
  await tx.execute(sql`
    update rule_states s set state = s.state || ${earlier(whole)}
    from rules r where r.id = s.rule_id and ${waits(whole)}`);
  await tx.execute(sql`
    update rule_states s set state = jsonb_set(s.state, '{views}', (
      select jsonb_agg(v
        || case when jsonb_typeof(v->'since') = 'number'
             then jsonb_build_object('since', (v->>'since')::numeric - ${by}) else '{}' end
        || case when ${waits(one)} then jsonb_build_object('state', ${one} || ${earlier(one)}) else '{}' end
        order by n)
      from jsonb_array_elements(s.state->'views') with ordinality as x(v, n)))
    from rules r where r.id = s.rule_id
      and jsonb_typeof(s.state->'told') = 'array' and jsonb_typeof(s.state->'views') = 'array'
      and jsonb_array_length(s.state->'views') > 0`);
}
