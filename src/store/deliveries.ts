// Attempts to send. The intent is committed before the first byte, so that no crash leaves an attempt unknown to us.
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Db, Reader } from './connection.ts';
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

/** What may be sent to an address now, oldest first; also to receivers that were switched off meanwhile. */
export async function sendableAt(
  db: Reader,
  channel: string,
  address: string,
  now: number,
  limit: number,
): Promise<Sendable[]> {
  const first = sql<{ id: number; notBefore: string | null } | null>`(
    select json_build_object('id', o.id, 'notBefore', o.not_before) from notifications o
    where ${notifications.kind} = 'over' and o.receiver_id = ${notifications.receiverId}
      and o.status not in ('sent','suppressed','dead') and o.status in ('ready','retry','unknown')
      and ((o.alert_id = ${notifications.alertId} and o.kind <> 'over')
        or (o.kind = 'summary' and o.id < ${notifications.id}))
    order by o.not_before desc nulls last limit 1)`;
  const rows = await db
    .select({ notification: notifications, receiver: receivers, first })
    .from(notifications)
    .innerJoin(receivers, eq(receivers.id, notifications.receiverId))
    .where(
      and(
        eq(receivers.channel, channel),
        eq(receivers.address, address),
        sql`${notifications.status} not in ('sent','suppressed','dead')`,
        inArray(notifications.status, ['ready', 'retry', 'unknown']),
        sql`(${notifications.notBefore} is null or ${notifications.notBefore} <= ${at(now)})`,
        // A machine hears of each alert in order: what is behind a failed one waits for it.
        sql`not (${receivers.everyChange} and ${notifications.alertId} is not null and exists (
          select 1 from notifications e where e.receiver_id = ${notifications.receiverId}
            and e.alert_id = ${notifications.alertId} and e.id < ${notifications.id}
            and e.status not in ('sent','suppressed','dead')))`,
      ),
    )
    .orderBy(
      sql`case when ${receivers.everyChange} then 0 when ${notifications.kind} = 'over' then 1 when ${notifications.kind} = 'note' then 4
        when ${notifications.severity} = 'critical' then 0 else 3 end`,
      asc(notifications.id),
    )
    .limit(limit);
  return rows.map(({ notification, receiver, first: before }) => ({
    notification,
    receiver,
    after: before
      ? {
          id: Number(before.id),
          notBefore: before.notBefore === null ? null : Date.parse(before.notBefore),
        }
      : null,
  }));
}

export interface Attempt {
  id: number;
  number: number;
  /** When an earlier attempt began that arrived, or may have: this one is a repeat. */
  firstTry: number | null;
}

/** Commits the intent to send; undefined when the notification is no longer to be sent. */
export async function beginAttempt(
  db: Db,
  notificationId: number,
  channel: string,
  address: string,
  now: number,
): Promise<Attempt | undefined> {
  const rows = await db.execute<{ id: string; attempt: number; doubt: Date | string | null }>(sql`
    with begun as (
      update notifications set status = 'sending', attempts = attempts + 1, not_before = null
      where id = ${notificationId} and status in ('ready','retry','unknown')
      returning id, attempts),
    doubt as (
      select min(started_at) as at from deliveries where notification_id = ${notificationId} and outcome in ('unknown', 'sent'))
    insert into deliveries (notification_id, attempt, channel, address, outcome, marked, started_at)
    select begun.id, begun.attempts, ${channel}, ${address}, 'sending', doubt.at is not null, ${at(now)}
    from begun, doubt
    returning id, attempt, (select at from doubt) as doubt`);
  const [row] = rows;
  if (!row) return undefined;
  const firstTry = row.doubt === null ? null : new Date(row.doubt).getTime();
  return { id: Number(row.id), number: row.attempt, firstTry };
}

/** Writes what an attempt came to; false when somebody else has taken it for unknown meanwhile: then nothing is ours. */
export async function endAttempt(
  db: Reader,
  id: number,
  end: Pick<Delivery, 'outcome' | 'detail' | 'messageId'> & Partial<Pick<Delivery, 'exchange'>>,
  now: number,
): Promise<boolean> {
  const rows = await db
    .update(deliveries)
    .set({ ...end, detail: end.detail?.slice(0, 500) ?? null, endedAt: now })
    .where(and(eq(deliveries.id, id), eq(deliveries.outcome, 'sending')))
    .returning({ id: deliveries.id });
  return rows.length > 0;
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
  if ((await db.select({ id: deliveries.id }).from(deliveries).where(openOnes).limit(1)).length === 0)
    return 0;
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
