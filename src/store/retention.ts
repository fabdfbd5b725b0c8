// How long the ledger remembers: events and what is over for a month, who did what for a year and a bit.
import { sql } from 'drizzle-orm';
import { dropAlerts } from './alerts.ts';
import { at } from './at.ts';
import type { Db } from './connection.ts';
import { acts } from './schema/actions.ts';
import { alerts } from './schema/alerts.ts';
import { audit } from './schema/audit.ts';
import { boards } from './schema/boards.ts';
import { broadcastReceipts, broadcasts } from './schema/broadcasts.ts';
import { events } from './schema/events.ts';
import { markers } from './schema/installation.ts';
import { copies, deliveries, notifications } from './schema/notifications.ts';
import { ruleStates } from './schema/rules.ts';
import { silences } from './schema/silences.ts';

const day = 86_400_000;
/** Days that are kept. Within them, `(source, id)` recognises a repeated event. */
export const kept = { events: 30, alerts: 30, broadcasts: 90, audit: 400 } as const;
const most = 2_000;

/** Forgets one bounded part of what is old and finished; how many went. */
type Forget = (db: Db, now: number) => Promise<number>;

/** What is forgotten, each until nothing of it goes. What waits, burns, or still has to be told is never touched, however old. */
export const forgetting: Record<string, Forget> = {
  events: forgetEvents,
  alerts: forgetAlerts,
  'the trail': forgetAudit,
  memories: forgetMemories,
  'what was told beside': forgetAsides,
  'what was done outside': forgetActs,
  'used links': forgetLinks,
  broadcasts: forgetBroadcasts,
  silences: forgetSilences,
};

const before = (days: number, now: number) => at(now - days * day);

// Events and the trail come in order of time: only their beginning is looked at, however much there is.
async function forgetEvents(db: Db, now: number): Promise<number> {
  const gone = await db.execute(sql`delete from ${events} where seq in (
    select seq from (select seq, received_at, processed_at from ${events} order by seq limit ${2 * most}) oldest
      where received_at < ${before(kept.events, now)} and processed_at is not null limit ${most}) returning 1`);
  return gone.length;
}

async function forgetAudit(db: Db, now: number): Promise<number> {
  const since = before(kept.audit, now);
  const gone = await db.execute(sql`delete from ${audit} where id in (
    select id from (select id, at, link from ${audit} order by id limit ${2 * most}) oldest where at < ${since}
      and (link is null or link < coalesce((select min(link) from ${audit} where at >= ${since}),
        (select max(link) from ${audit})))
    limit ${most}) returning 1`);
  return gone.length;
}

/** Rules whose keys are many (a run, a block) leave rows that remember nothing. */
async function forgetMemories(db: Db, now: number): Promise<number> {
  const gone = await db.execute(sql`delete from ${ruleStates} where (rule_id, key) in (
    select rule_id, key from ${ruleStates} s where state is null and not met and due_at is null
      and (last_time is null or last_time < ${before(1, now)})
      and (firings is null or last_time < ${before(kept.alerts, now)})
      and not exists (select 1 from ${alerts} a where a.rule_id = s.rule_id and a.key = s.key and a.status <> 'resolved')
    limit ${most} for update of s skip locked) returning 1`);
  return gone.length;
}

/** Who did what outside is remembered as long as who did what here. */
async function forgetActs(db: Db, now: number): Promise<number> {
  const gone = await db.execute(sql`delete from ${acts} where id in (
    select id from ${acts} where asked_at < ${before(kept.audit, now)} and status not in ('confirmed','calling')
    order by asked_at limit ${most}) returning 1`);
  return gone.length;
}

/** Those that are over; who made them stands in the trail. */
async function forgetSilences(db: Db, now: number): Promise<number> {
  const gone = await db.execute(sql`delete from ${silences} where id in (
    select id from ${silences} where ends_at < ${before(kept.alerts, now)} limit ${most}) returning 1`);
  return gone.length;
}

/** A link to a browser that was used; its detail says until when it would have been good. All of them at once. */
async function forgetLinks(db: Db, now: number): Promise<number> {
  await db.execute(sql`delete from ${markers} where name like 'browser:%' and detail ~ '^[0-9]{1,15}$'
    and detail::bigint < ${now - day}`);
  return 0;
}

/**
 * Sentences of ours, codes and tests: about no alert, so that nothing else takes them along. A message that told several
 * goes with the last of what it told, and its board with it.
 */
async function forgetAsides(db: Db, now: number): Promise<number> {
  const gone = await db.execute<{ id: string }>(sql`delete from ${notifications} where id in (
    select id from ${notifications} n where alert_id is null
      and kind in ('note','code','test','summary','digest','board') and ended_at < ${before(kept.alerts, now)}
      and not exists (select 1 from ${notifications} told where told.via_id = n.id)
      and not exists (select 1 from ${boards} b where b.notification_id = n.id and b.ended_at is null)
    order by id limit ${most}) returning id`);
  if (gone.length === 0) return 0;
  const ids = sql`(select value::bigint from json_array_elements_text(${JSON.stringify(gone.map(({ id }) => id))}::text::json))`;
  await db.execute(sql`delete from ${deliveries} where notification_id in ${ids}`);
  await db.execute(sql`delete from ${boards} where notification_id in ${ids}`);
  return gone.length;
}

/** With their receipts, and the messages that those speak of. */
async function forgetBroadcasts(db: Db, now: number): Promise<number> {
  return db.transaction(async (tx) => {
    const old = await tx.execute<{ id: string }>(sql`select id from ${broadcasts} b
      where ended_at < ${before(kept.broadcasts, now)} and not exists (select 1 from ${broadcastReceipts} r join ${notifications} n
        on n.id = r.notification_id where r.broadcast_id = b.id and n.status not in ('sent','suppressed','dead'))
      order by ended_at limit 20 for update skip locked`);
    if (old.length === 0) return 0;
    const ids = sql`(select value from json_array_elements_text(${JSON.stringify(old.map(({ id }) => id))}::text::json))`;
    const gone = await tx.execute<{ id: string }>(sql`delete from ${notifications} where
      case when kind = 'broadcast' then body::json->>'broadcast' end in ${ids} returning id`);
    await tx.execute(sql`delete from ${deliveries} where notification_id in
      (select value::bigint from json_array_elements_text(${JSON.stringify(gone.map(({ id }) => id))}::text::json))`);
    await tx.execute(sql`delete from ${broadcastReceipts} where broadcast_id in ${ids}`);
    await tx.execute(sql`delete from ${broadcasts} where id in ${ids}`);
    return old.length;
  });
}

async function forgetAlerts(db: Db, now: number): Promise<number> {
  return db.transaction(async (tx) => {
    const old = await tx.execute<{ id: string }>(sql`
      select id from ${alerts} a where status = 'resolved' and resolved_at < ${before(kept.alerts, now)}
        and not exists (select 1 from ${notifications} n
          where n.alert_id = a.id and n.status not in ('sent','suppressed','dead'))
      order by resolved_at limit ${most} for update skip locked`);
    if (old.length === 0) return 0;
    const ids = sql`(select value from json_array_elements_text(${JSON.stringify(old.map(({ id }) => id))}::text::json))`;
    await tx.execute(sql`delete from ${deliveries} where notification_id in
      (select id from ${notifications} where alert_id in ${ids})`);
    await tx.execute(sql`delete from ${notifications} where alert_id in ${ids}`);
    await tx.execute(sql`delete from ${copies} where alert_id in ${ids}`);
    await dropAlerts(
      tx,
      old.map(({ id }) => id),
    );
    return old.length;
  });
}
