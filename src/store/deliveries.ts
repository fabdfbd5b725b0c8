// Attempts to send. The intent is committed before the first byte, so that no crash leaves an attempt unknown to us.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { cleanJson } from '#core/clean.ts';
import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import type { Db, Reader } from './connection.ts';
import type { Place } from './leases.ts';
import { numbered } from './numbered.ts';
import { deliveries, notifications, receivers } from './schema.ts';

export type Delivery = typeof deliveries.$inferSelect;
type Row = typeof notifications.$inferSelect;
const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

/** Something to send, and what has to go out before it: “over” never overtakes what it ends. */
export interface Sendable {
  notification: Row;
  receiver: typeof receivers.$inferSelect;
  after: { id: number; notBefore: number | null } | null;
}

/** What may be sent to each address now, the most urgent first; also to receivers that were switched off meanwhile. */
export async function sendableAt(
  db: Reader,
  places: Place[],
  now: number,
  limit: number,
): Promise<Sendable[][]> {
  const first = sql<{ id: number; notBefore: string | null } | null>`(
    select json_build_object('id', o.id, 'notBefore', o.not_before) from notifications o
    where ${notifications.kind} = 'over' and o.receiver_id = ${notifications.receiverId}
      and o.status not in ('sent','suppressed','dead') and o.status in ('ready','retry','unknown')
      and ((o.alert_id = ${notifications.alertId} and o.kind <> 'over')
        or (o.kind = 'summary' and o.id < ${notifications.id}))
    order by o.not_before desc nulls last limit 1)`;
  // A machine hears of each alert in order: what is behind a failed one waits for it.
  const next = sql`${numbered(places)} v cross join lateral (
    select n.id, row_number() over (order by case when r.every_change then 0 when n.kind = 'over' then 1
        when n.kind = 'note' then 4 when n.severity = 'critical' then 0 else 3 end, n.id) as place
    from receivers r join notifications n on n.receiver_id = r.id
    where r.channel = v.channel and r.address = v.address
      and n.status not in ('sent','suppressed','dead') and n.status in ('ready','retry','unknown')
      and (n.not_before is null or n.not_before <= ${at(now)})
      and not (r.every_change and n.alert_id is not null and exists (
        select 1 from notifications e where e.receiver_id = n.receiver_id and e.alert_id = n.alert_id and e.id < n.id
          and e.status not in ('sent','suppressed','dead')))
    order by place limit ${limit}::int) l`;
  const rows = await db
    .select({ of: sql<number>`v.number`, notification: notifications, receiver: receivers, first })
    .from(next)
    .innerJoin(notifications, sql`${notifications.id} = l.id`)
    .innerJoin(receivers, eq(receivers.id, notifications.receiverId))
    .orderBy(sql`v.number, l.place`);
  const found: Sendable[][] = places.map(() => []);
  for (const { of, notification, receiver, first: before } of rows)
    found[of]!.push({
      notification,
      receiver,
      after: before
        ? {
            id: Number(before.id),
            notBefore: before.notBefore === null ? null : Date.parse(before.notBefore),
          }
        : null,
    });
  return found;
}

export interface Attempt {
  id: number;
  number: number;
  /** When an earlier attempt began that arrived, or may have: this one is a repeat. */
  firstTry: number | null;
}

/** What is to be sent, and where to. */
export interface Intent extends Place {
  notificationId: number;
  at: number;
}

/** Commits the intents to send, of one notification one; undefined for what is no longer to be sent. */
export async function beginAttempts(db: Db, intents: Intent[]): Promise<(Attempt | undefined)[]> {
  const wanted = intents.map(({ notificationId, channel, address, at: began }) => ({
    id: notificationId,
    channel,
    address,
    began: new Date(began).toISOString(),
  }));
  const rows = await db.execute<{ id: string; of: string; attempt: number; doubt: Date | string | null }>(sql`
    with wanted as materialized (
      select v.* from json_to_recordset(${JSON.stringify(wanted)}::text::json)
        as v(id bigint, channel text, address text, began timestamptz)),
    begun as (
      update notifications n set status = 'sending', attempts = n.attempts + 1, not_before = null
      from wanted where n.id = wanted.id and n.status in ('ready','retry','unknown')
      returning n.id, n.attempts),
    doubt as (
      select notification_id as id, min(started_at) as at from deliveries
      where notification_id in (select id from wanted) and outcome in ('unknown', 'sent') group by 1),
    made as (
      insert into deliveries (notification_id, attempt, channel, address, outcome, marked, started_at)
      select begun.id, begun.attempts, wanted.channel, wanted.address, 'sending', doubt.at is not null, wanted.began
      from begun join wanted using (id) left join doubt using (id)
      returning id, notification_id, attempt)
    select made.id, made.notification_id as of, made.attempt, doubt.at as doubt
    from made left join doubt on doubt.id = made.notification_id`);
  const found = new Map(rows.map((row) => [Number(row.of), row]));
  return intents.map(({ notificationId }) => {
    const row = found.get(notificationId);
    if (!row) return undefined;
    const firstTry = row.doubt === null ? null : new Date(row.doubt).getTime();
    return { id: Number(row.id), number: row.attempt, firstTry };
  });
}

export type End = Pick<Delivery, 'id' | 'outcome' | 'detail' | 'messageId'> &
  Partial<Pick<Delivery, 'exchange'>> & { at: number };

/**
 * Writes what attempts came to; the ids of those that were still ours to end. Somebody else may have taken one for unknown
 * meanwhile: then nothing is ours.
 */
export async function endAttempts(db: Reader, ends: End[]): Promise<Set<number>> {
  const rows = ends.map(({ id, outcome, detail, messageId, exchange, at: ended }) => ({
    id,
    outcome,
    detail: detail === null ? null : cut(detail, 500),
    message_id: messageId,
    exchange: exchange ?? null,
    ended_at: new Date(ended).toISOString(),
  }));
  const ended = await db.execute<{ id: string }>(sql`
    update deliveries d set outcome = v.outcome, detail = v.detail, message_id = v.message_id,
      exchange = nullif(v.exchange, 'null'::jsonb), ended_at = v.ended_at
    from json_to_recordset(${JSON.stringify(cleanJson(rows as unknown as Json))}::text::json) as v(id bigint, outcome text, detail text,
      message_id text, exchange jsonb, ended_at timestamptz)
    where d.id = v.id and d.outcome = 'sending' returning d.id`);
  return new Set(ended.map(({ id }) => Number(id)));
}

/**
 * Attempts that a dead process left open at an address: nobody knows whether they arrived. Only for whoever holds the
 * address's lease. How many there were.
 */
export async function adoptOpenAttempts(
  db: Db,
  channel: string,
  address: string,
  now: number,
): Promise<number> {
  const openOnes = and(
    eq(deliveries.address, address),
    eq(deliveries.channel, channel),
    eq(deliveries.outcome, 'sending'),
  );
  return db.transaction(async (tx) => {
    const open = await tx
      .update(deliveries)
      .set({ outcome: 'unknown', detail: 'the process ended meanwhile', endedAt: now })
      .where(openOnes)
      .returning({ notificationId: deliveries.notificationId });
    if (open.length === 0) return 0;
    await tx
      .update(notifications)
      .set({ status: 'unknown', notBefore: null })
      .where(
        and(
          inArray(
            notifications.id,
            open.map(({ notificationId }) => notificationId),
          ),
          eq(notifications.status, 'sending'),
        ),
      );
    return open.length;
  });
}

/** Ends everything that waits since before then for an address of a channel that nobody knows, messages to edit included. */
export async function endUnfinishedAt(
  db: Db,
  channel: string,
  address: string,
  why: string,
  before: number,
  now: number,
): Promise<void> {
  await db.execute(sql`
    update notifications n set status = 'dead', reason = 'refused', detail = ${why}, not_before = null, ended_at = ${at(now)}
    from receivers r where r.id = n.receiver_id and r.channel = ${channel} and r.address = ${address}
      and n.status not in ('sent','suppressed','dead') and n.created_at < ${at(before)}`);
  await db.execute(
    sql`update copies set message_id = null where channel = ${channel} and address = ${address}
      and heard_at < ${at(before)}`,
  );
  await db.execute(sql`update deliveries set outcome = 'refused', detail = ${why}, ended_at = ${at(now)}
    where channel = ${channel} and address = ${address} and outcome = 'sending' and started_at < ${at(before)}`);
}
