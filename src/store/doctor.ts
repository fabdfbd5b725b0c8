// The accounting invariant as questions to the ledger: nothing lost, nothing told twice unmarked, nobody left hanging.
import type { Database } from './connection.ts';
import { widely } from './planning.ts';

export interface Finding {
  /** A short name that stays the same. */
  check: string;
  /** `wrong`: a promise is broken. `note`: worth knowing. */
  weight: 'wrong' | 'note';
  /** How many rows. */
  count: number;
  /** A sentence for the operator, with the number. */
  text: string;
  /** A few of them, as ids. */
  examples: string[];
}

interface Check {
  check: string;
  weight: Finding['weight'];
  /** What so many rows are, behind their number; and what one is. */
  text: string;
  one: string;
  /** Rows with a column `id`; may use $1, the instant before which waiting is no longer normal. */
  find: string;
}

const over = `a.status = 'resolved' and coalesce((a.reading->>'momentary')::boolean, false) = false`;
const final = `('sent','suppressed','dead')`;

/** Every question. Work of the last moments is never counted: on a live system something is always under way. */
export const checks: Check[] = [
  {
    check: 'events-processed',
    weight: 'wrong',
    text: 'accepted events were neither processed nor put aside',
    one: 'accepted event was neither processed nor put aside',
    find: `select seq as id from events where processed_at is null and quarantined is null and received_at < $1`,
  },
  {
    check: 'events-quarantined',
    weight: 'note',
    text: 'events were put aside because they could not be processed',
    one: 'event was put aside because it could not be processed',
    find: `select seq as id from events where quarantined is not null`,
  },
  {
    check: 'bodies-explained',
    weight: 'note',
    text: 'bodies are kept because nobody has said yet what their fields mean',
    one: 'body is kept because nobody has said yet what its fields mean',
    find: `select s.name || ' ' || k.id as id from kept_bodies k join sources s on s.id = k.source_id`,
  },
  {
    check: 'timers-kept',
    weight: 'wrong',
    text: 'rules should have been looked at again and were not',
    one: 'rule should have been looked at again and was not',
    find: `select rule_id || ' ' || key as id from rule_states where due_at < $1`,
  },
  {
    check: 'targets-asked',
    weight: 'wrong',
    text: 'targets should have been asked and were not',
    one: 'target should have been asked and was not',
    find: `select id from targets where not paused and next_at < $1 and (lease_until is null or lease_until < $1)`,
  },
  {
    check: 'acts-finished',
    weight: 'wrong',
    text: 'confirmed actions were neither done nor given up',
    one: 'confirmed action was neither done nor given up',
    find: `select id from acts where status in ('confirmed','calling') and due_at < $1`,
  },
  {
    check: 'broadcasts-told',
    weight: 'wrong',
    text: 'broadcasts should have gone on and did not',
    one: 'broadcast should have gone on and did not',
    find: `select id from broadcasts where status = 'running' and next_at < $1`,
  },
  {
    check: 'snoozes-kept',
    weight: 'wrong',
    text: 'snoozed alerts did not wake up',
    one: 'snoozed alert did not wake up',
    find: `select id from alerts where snoozed_until < $1 and status <> 'resolved'`,
  },
  {
    check: 'notifications-decided',
    weight: 'wrong',
    text: 'notifications were never decided about',
    one: 'notification was never decided about',
    find: `select id from notifications where status = 'pending' and created_at < $1`,
  },
  {
    check: 'held-released',
    weight: 'wrong',
    text: 'held notifications were not looked at again at their time',
    one: 'held notification was not looked at again at its time',
    find: `select id from notifications where status = 'held' and (not_before is null or not_before < $1)`,
  },
  {
    check: 'sends-finished',
    weight: 'wrong',
    text: 'sends were begun and never ended',
    one: 'send was begun and never ended',
    find: `select id from deliveries where outcome = 'sending' and started_at < $1`,
  },
  {
    check: 'sends-not-stuck',
    weight: 'wrong',
    text: 'notifications could have been sent for ten minutes, nothing holds them back, and nobody is sending',
    one: 'notification could have been sent for ten minutes, nothing holds it back, and nobody is sending',
    find: `select n.id from notifications n left join receivers r on r.id = n.receiver_id
      where n.status in ('ready','retry','unknown')
        and greatest(n.created_at, n.not_before) < $1::timestamptz - interval '10 minutes'
        and not exists (select 1 from budgets b where b.channel = r.channel and b.address in (r.address, '*')
          and greatest(b.paused_until, b.lease_until) >= $1)`,
  },
  {
    check: 'heard-perhaps',
    weight: 'wrong',
    text: 'notifications were given up although they may have been heard, and nobody would tell that it is over',
    one: 'notification was given up although it may have been heard, and nobody would tell that it is over',
    find: `select n.id from notifications n where n.kind = 'firing' and n.status = 'dead'
      and exists (select 1 from deliveries d where d.notification_id = n.id and d.outcome = 'unknown')
      and not exists (select 1 from copies c where c.alert_id = n.alert_id and c.receiver_id = n.receiver_id)`,
  },
  {
    check: 'told-or-reason',
    weight: 'wrong',
    text: 'notifications ended without having been sent and without a reason',
    one: 'notification ended without having been sent and without a reason',
    find: `select id from notifications
      where status in ('suppressed','dead') and reason is null and coalesce(detail, '') = ''`,
  },
  {
    check: 'sent-has-attempt',
    weight: 'wrong',
    text: 'notifications count as sent, and no attempt says so',
    one: 'notification counts as sent, and no attempt says so',
    find: `select n.id from notifications n where n.status = 'sent' and n.via_id is null and not exists
      (select 1 from deliveries d where d.notification_id = n.id and d.outcome = 'sent')`,
  },
  {
    check: 'repeats-marked',
    weight: 'wrong',
    text: 'repeats after an unknown outcome were not marked as such',
    one: 'repeat after an unknown outcome was not marked as such',
    find: `select d.id from deliveries d where d.outcome = 'sent' and not d.marked and exists
      (select 1 from deliveries b where b.notification_id = d.notification_id and b.attempt < d.attempt
        and b.outcome in ('unknown','sent'))`,
  },
  {
    check: 'no-orphans',
    weight: 'wrong',
    text: 'people heard that something broke and were never told that it is over',
    one: 'person heard that something broke and was never told that it is over',
    find: `select c.alert_id || ' ' || c.receiver_id as id
      from copies c join alerts a on a.id = c.alert_id
      where ${over} and a.resolved_at < $1 and c.over_at is null and not exists
        (select 1 from notifications n where n.alert_id = c.alert_id and n.receiver_id = c.receiver_id
          and n.kind = 'over' and (n.status not in ('suppressed') or n.reason in ('not-at-home','refused','in-summary')))`,
  },
  {
    check: 'rules-of-alerts',
    weight: 'wrong',
    text: 'alerts burn for rules that no longer exist',
    one: 'alert burns for a rule that no longer exists',
    find: `select a.id from alerts a left join rules r on r.id = a.rule_id
      where a.status <> 'resolved' and (r.id is null or r.deleted_at < $1)`,
  },
  {
    check: 'alerts-remembered',
    weight: 'wrong',
    text: 'alerts are open that their rules do not remember and so may never end',
    one: 'alert is open that its rule does not remember and so may never end',
    find: `select a.id from alerts a where a.status <> 'resolved' and not exists
      (select 1 from rule_states s where s.rule_id = a.rule_id and s.key = a.key)`,
  },
  {
    check: 'alerts-have-history',
    weight: 'wrong',
    text: 'alerts differ from their recorded changes',
    one: 'alert differs from its recorded changes',
    find: `select a.id from alerts a left join lateral
        (select t."to", t.rev from transitions t where t.alert_id = a.id order by t.rev desc limit 1) t on true
      where t.rev is null or t.rev > a.rev or t."to" <> a.status`,
  },
  {
    check: 'copies-fresh',
    weight: 'wrong',
    text: 'messages show an old state although their chat works',
    one: 'message shows an old state although its chat works',
    find: `select c.alert_id || ' ' || c.receiver_id as id from copies c
      join receivers r on r.id = c.receiver_id and r.disabled is null
      left join budgets b on b.channel = c.channel and b.address = c.address
      where c.shown_rev < c.wanted_rev and c.message_id is not null and c.edit_after < $1
        and coalesce(b.paused_until, 'epoch') < $1`,
  },
  {
    check: 'updates-done',
    weight: 'wrong',
    text: 'updates from Telegram were stored and not dealt with',
    one: 'update from Telegram was stored and not dealt with',
    find: `select update_id as id from updates
      where done_at is null and received_at < $1 and coalesce(not_before, 'epoch') < $1`,
  },
  {
    check: 'deliveries-dead',
    weight: 'note',
    text: 'notifications could not be delivered for good',
    one: 'notification could not be delivered for good',
    find: `select id from notifications where status = 'dead'`,
  },
  {
    check: 'still-waiting',
    weight: 'note',
    text: 'notifications have been waiting for more than an hour to be sent',
    one: 'notification has been waiting for more than an hour to be sent',
    find: `select id from notifications where status not in ${final} and status <> 'held'
      and created_at < $1::timestamptz - interval '1 hour'`,
  },
];

/** Asks everything; returns what was found, worst first. `graceMs`: how long waiting is normal. */
export async function examine({ sql }: Database, now: number, graceMs = 60_000): Promise<Finding[]> {
  const before = new Date(now - graceMs).toISOString();
  const findings: Finding[] = [];
  for (const { check, weight, text, one, find } of checks) {
    const usesInstant = find.includes('$1');
    const query = `with found as (${find}) select id::text, count(*) over ()::int as total from found limit 5`;
    const rows = await widely(sql, (tx) =>
      tx.unsafe<{ id: string; total: number }[]>(query, usesInstant ? [before] : []),
    );
    if (rows.length === 0) continue;
    const count = rows[0]!.total;
    const sentence = `${count.toLocaleString('en-US')} ${count === 1 ? one : text}.`;
    findings.push({ check, weight, count, text: sentence, examples: rows.map((row) => row.id) });
  }
  return findings.sort((a, b) => Number(b.weight === 'wrong') - Number(a.weight === 'wrong'));
}

/** What the ledger holds, for the summary line. */
export async function account({ sql }: Database): Promise<Record<string, number>> {
  const [row] = await sql<Record<string, number>[]>`
    select (select count(*)::int from events) as events,
      (select count(*)::int from alerts where status in ('firing','acknowledged')) as burning,
      (select count(*)::int from alerts) as alerts,
      (select count(*)::int from notifications) as notifications,
      (select count(*)::int from notifications where status = 'sent') as sent,
      (select count(*)::int from notifications where status = 'held') as held,
      (select count(*)::int from notifications where status = 'suppressed' and reason in ('in-summary', 'superseded'))
        as together,
      (select count(*)::int from notifications where status = 'suppressed' and reason = 'shadow') as trial,
      (select count(*)::int from notifications where status = 'suppressed'
        and coalesce(reason, '') not in ('in-summary', 'superseded', 'shadow')) as dropped,
      (select count(*)::int from notifications where status = 'dead') as dead,
      (select count(*)::int from notifications where status in ('pending', 'ready', 'sending', 'retry', 'unknown'))
        as waiting`;
  return row!;
}

/** Settings of the server that would break the promise behind 202; each a sentence. */
export async function refusals({ sql }: Database): Promise<string[]> {
  const [row] = await sql<{ name: string; fsync: string; pages: string; commit: string; version: number }[]>`
    select current_database() as name, current_setting('fsync') as fsync,
      current_setting('full_page_writes') as pages, current_setting('synchronous_commit') as commit,
      current_setting('server_version_num')::int as version`;
  const { name, fsync, pages, commit, version } = row!;
  const found: string[] = [];
  if (version < 130_000)
    found.push(`PostgreSQL ${Math.floor(version / 10_000)} is too old; 13 or newer is needed.`);
  // A test's database may be forgetful.
  if (name.startsWith('test_')) return found;
  if (fsync !== 'on')
    found.push('PostgreSQL runs with fsync=off and would lose accepted events in a power cut.');
  if (pages !== 'on')
    found.push('PostgreSQL runs with full_page_writes=off and could be damaged by a power cut.');
  if (commit === 'off')
    found.push('PostgreSQL runs with synchronous_commit=off and would lose accepted events.');
  return found;
}
