// What arrived, written by one statement: the attempts' ends, the messages that stand there now, and what is owed because of them.
import { sql } from 'drizzle-orm';
import { cleanJson } from '#core/clean.ts';
import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import type { Exchange, NotificationKind } from '#core/notification.ts';
import { at } from './at.ts';
import type { Standing } from './find-alerts.ts';
import type { Line } from './in-a-row.ts';

export interface Arrival {
  /** The attempt. */
  id: number;
  notificationId: number;
  kind: NotificationKind;
  receiverId: string;
  channel: string;
  address: string;
  /** The message that stands there now. */
  messageId: string | null;
  detail: string | null;
  exchange: Exchange | null;
  at: number;
  /** The alert as it was worded; undefined when it is not about one. */
  shown: Standing | undefined;
}

export type Written = {
  /** Its alert is held by somebody else: nothing of it is written. */
  left: boolean;
  /** Whether the attempt was still ours to end. Somebody else may have taken it for unknown: then nothing is ours. */
  ours: boolean;
  /** The message about the same alert that this one took the place of. */
  before: string | null;
  /** The alert ended while it was told as burning: an “over” waits to be decided. */
  owed: boolean;
};

/** How alerts are locked: waiting for them, for a second only, or passing over those that somebody else holds. */
export type Patience = 'long' | 'short' | 'none';

/**
 * Under the alerts' locks, in the order in which alerts are locked, and before anything else is written: a change is either
 * in what is read here, or will find the message that stands there.
 */
export async function writeArrivals(
  db: Line,
  arrivals: Arrival[],
  patience: Patience,
  now: number,
): Promise<Written[]> {
  const rows = arrivals.map(({ shown, detail, at, ...one }) => ({
    ...one,
    detail: detail === null ? null : cut(detail, 500),
    at: new Date(at).toISOString(),
    alert: shown?.id ?? null,
    rev: shown?.rev ?? null,
    severity: shown?.severity ?? null,
    over: shown?.status === 'resolved',
  }));
  const waits =
    patience === 'short' ? sql`(select set_config('lock_timeout', '1s', true)) waits cross join` : sql``;
  const skips = patience === 'none' ? sql`skip locked` : sql``;
  const moment = at(now);
  const found = await db.execute<Written & { id: number | string }>(sql`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(cleanJson(rows as unknown as Json))}::text::json) as v(id bigint,
        "notificationId" bigint, kind text, "receiverId" text, channel text, address text, "messageId" text, detail text,
        exchange jsonb, at timestamptz, alert text, rev int, severity text, over boolean)),
    held as materialized (
      select a.id, a.rev, a.status, a.severity from ${waits} alerts a
      where a.id = any(array(select alert from given where alert is not null))
      order by a.rule_id, a.key for update of a ${skips}),
    -- All are locked before the first of these rows comes. An alert that is forgotten meanwhile is as it was shown.
    ready as materialized (
      select v.*, h.rev as is_rev, h.status as is_status, h.severity as is_severity
      from (select count(*) from held) all_of_them cross join given v left join held h on h.id = v.alert
      where ${patience !== 'none'} or v.alert is null or h.id is not null),
    ended as (
      update deliveries d set outcome = 'sent', detail = v.detail, message_id = v."messageId",
        exchange = nullif(v.exchange, 'null'::jsonb), ended_at = v.at
      from ready v where d.id = v.id and d.id = any(array(select id from ready)) and d.outcome like 'sending'
      returning d.id),
    own as materialized (select v.* from ready v join ended using (id)),
    settled as (
      update notifications n set status = 'sent', reason = null, detail = null, not_before = null, ended_at = ${moment},
        severity = coalesce(v.severity, n.severity)
      from own v where n.id = v."notificationId"),
    -- All of them before the first is written, in the order in which copies are locked.
    known as materialized (
      select h.alert_id, h.receiver_id, h.message_id from own v
      join copies h on h.alert_id = v.alert and h.receiver_id = v."receiverId"
      order by h.alert_id, h.receiver_id for update of h),
    before as materialized (
      select v.id, c.message_id from own v join known c on c.alert_id = v.alert and c.receiver_id = v."receiverId"
      where v.kind not in ('over', 'firing')),
    stands as (
      insert into copies as c (alert_id, receiver_id, channel, address, message_id, shown_rev, wanted_rev, edit_after,
        heard_at, over_at)
      select alert, "receiverId", channel, address, "messageId", rev, coalesce(is_rev, rev), at, at,
        case when over then ${moment} end
      from (select count(*) from known) all_of_them cross join own
      where alert is not null and kind <> 'over' order by alert, "receiverId"
      on conflict (alert_id, receiver_id) do update set channel = excluded.channel, address = excluded.address,
        message_id = excluded.message_id, shown_rev = excluded.shown_rev, edit_after = excluded.edit_after,
        wanted_rev = greatest(c.wanted_rev, excluded.wanted_rev), over_at = coalesce(c.over_at, excluded.over_at)),
    heard_over as (
      update copies c set over_at = coalesce(c.over_at, ${moment})
      from known h join own v on v.alert = h.alert_id and v."receiverId" = h.receiver_id
      where v.kind = 'over' and v.over and c.alert_id = h.alert_id and c.receiver_id = h.receiver_id),
    works as (
      update receivers r set failures = 0, failing_since = null from own v where r.id = v."receiverId" and r.failures > 0),
    owed as (
      insert into notifications as n (kind, receiver_id, alert_id, alert_rev, severity, status, created_at)
      select 'over', "receiverId", alert, is_rev, is_severity, 'pending', ${moment} from own
      where is_status = 'resolved' and not over and kind <> 'over'
      on conflict (alert_id, alert_rev, receiver_id, kind) do update
        set status = 'pending', reason = null, detail = null, ended_at = null
        where n.status = 'suppressed' and n.reason in ('never-told', 'superseded')
      returning n.receiver_id, n.alert_id)
    select v.id not in (select id from ready) as left, own.id is not null as ours, before.message_id as before,
      exists (select 1 from owed where owed.receiver_id = own."receiverId" and owed.alert_id = own.alert) as owed, v.id
    from given v left join own using (id) left join before using (id)`);
  const written = new Map(found.map((row) => [Number(row.id), row]));
  return arrivals.map(({ id }) => written.get(id)!);
}
