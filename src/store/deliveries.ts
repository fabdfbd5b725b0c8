// Attempts to send. The intent is committed before the first byte, so that no crash leaves an attempt unknown to us.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { cleanJson } from '#core/clean.ts';
import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import type { Db, Reader } from './connection.ts';
import type { Place } from './leases.ts';
import { deliveries, notifications } from './schema.ts';

export type Delivery = typeof deliveries.$inferSelect;
const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

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
