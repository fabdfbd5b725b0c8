// Storm boards: one message that is edited, in the place of hundreds.
import { and, asc, desc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { Severity } from '#core/severity.ts';
import { among } from './among.ts';
import { at } from './at.ts';
import type { Reader, Tx } from './connection.ts';
import { numbered } from './numbered.ts';
import { alerts } from './schema/alerts.ts';
import { boards } from './schema/boards.ts';
import { notifications } from './schema/notifications.ts';

export type Board = typeof boards.$inferSelect;

/** The boards that stand at these receivers and take what comes, locked; by receiver. */
export async function openBoards(tx: Tx, receiverIds: string[]): Promise<Map<string, Board>> {
  const rows = await tx
    .select()
    .from(boards)
    .where(and(among(boards.receiverId, receiverIds), isNull(boards.endedAt)))
    .orderBy(asc(boards.receiverId))
    .for('update');
  return new Map(rows.map((board) => [board.receiverId, board]));
}

/** One board. */
export async function findBoard(db: Reader, id: string): Promise<Board | undefined> {
  const [row] = await db.select().from(boards).where(eq(boards.id, id));
  return row;
}

/** The board whose first message is this notification. */
export async function boardOf(db: Reader, notificationId: number): Promise<Board | undefined> {
  const [row] = await db.select().from(boards).where(eq(boards.notificationId, notificationId));
  return row;
}

/** Puts up a board and the notification that shows it. */
export async function addBoard(
  tx: Tx,
  place: Pick<Board, 'id' | 'receiverId' | 'channel' | 'address'>,
  severity: Severity,
  now: number,
): Promise<Board> {
  const [row] = await tx
    .insert(notifications)
    .values({ kind: 'board', receiverId: place.receiverId, severity, status: 'ready', createdAt: now })
    .returning({ id: notifications.id });
  const [board] = await tx
    .insert(boards)
    .values({ ...place, notificationId: row!.id, beganAt: now, lastAt: now, wanted: 1, editAfter: now })
    .returning();
  return board!;
}

/** Shows a board in a new message: the one before is gone. */
export async function showAgain(tx: Tx, board: Board, severity: Severity, now: number): Promise<void> {
  await tx.insert(notifications).values({
    kind: 'board',
    receiverId: board.receiverId,
    severity,
    status: 'ready',
    viaId: board.notificationId,
    createdAt: now,
  });
}

/** More came, or something on it changed. */
export async function growBoard(tx: Tx, id: string, now: number): Promise<void> {
  await tx
    .update(boards)
    .set({ wanted: sql`${boards.wanted} + 1`, lastAt: now })
    .where(eq(boards.id, id));
}

/**
 * What was told singly of these rules since then, when it was not yet seen that it is a storm: it stands on the board, too.
 * What had not gone out does not go out any more. The alerts of both.
 */
export async function takeOnBoard(
  tx: Tx,
  board: Pick<Board, 'id' | 'receiverId' | 'notificationId'>,
  ruleIds: string[],
  since: number,
  now: number,
): Promise<string[]> {
  if (ruleIds.length === 0) return [];
  const detail = 'So much came at once that it stands on one board.';
  const rows = await tx.execute<{ id: string }>(sql`
    with taken as (
      update notifications n set via_id = ${board.notificationId},
        status = case when n.status = 'ready' then 'suppressed' else n.status end,
        reason = case when n.status = 'ready' then 'storm' else n.reason end,
        detail = case when n.status = 'ready' then ${detail} else n.detail end,
        ended_at = case when n.status = 'ready' then ${at(now)} else n.ended_at end
      from alerts a where a.id = n.alert_id and a.rule_id in ${ruleIds} and n.receiver_id = ${board.receiverId} and n.id > 0
        and n.kind = 'firing' and n.status in ('ready','sending','retry','unknown','sent') and n.via_id is null
        and n.created_at > ${at(since)}
      returning n.alert_id, n.created_at),
    begun as (
      update boards set began_at = least(began_at, (select min(created_at) from taken)) where id = ${board.id})
    select alert_id as id from taken`);
  return rows.map(({ id }) => id);
}

/** The closed board on which a receiver was told of an alert, for those of which nothing was told singly since. */
export async function boardsOver(
  tx: Tx,
  receiverId: string,
  alertIds: string[],
): Promise<Map<string, Board>> {
  if (alertIds.length === 0) return new Map();
  const rows = await tx
    .select({ alertId: notifications.alertId, board: boards })
    .from(notifications)
    .innerJoin(boards, eq(boards.notificationId, notifications.viaId))
    .where(
      and(
        inArray(notifications.alertId, alertIds),
        eq(boards.receiverId, receiverId),
        isNotNull(boards.endedAt),
        isNotNull(boards.messageId),
        sql`not exists (select 1 from notifications s where s.alert_id = ${notifications.alertId}
          and s.receiver_id = ${receiverId} and s.status = 'sent' and s.via_id is null)`,
      ),
    )
    .orderBy(asc(boards.beganAt));
  return new Map(rows.map(({ alertId, board }) => [alertId!, board]));
}

/** Its message has to be edited: something on it has changed. */
export async function editBoards(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(boards)
    .set({ wanted: sql`${boards.wanted} + 1` })
    .where(inArray(boards.id, ids));
}

/** Nothing on it burns any more; false when that was known. */
export async function boardIsOver(db: Reader, id: string, now: number): Promise<boolean> {
  const rows = await db
    .update(boards)
    .set({ overAt: now })
    .where(and(eq(boards.id, id), isNull(boards.overAt)))
    .returning({ id: boards.id });
  return rows.length > 0;
}

/** Its message stands there. */
export async function boardShown(
  tx: Reader,
  id: string,
  shown: { messageId?: string | null; wanted?: number; editAfter: number },
): Promise<void> {
  const { messageId, wanted, editAfter } = shown;
  await tx
    .update(boards)
    .set({
      editAfter,
      ...(wanted === undefined ? {} : { shown: wanted }),
      ...(messageId === undefined ? {} : { messageId }),
    })
    .where(eq(boards.id, id));
}

/** The board at each address that has to be edited first, or closed because nothing came since `calmSince`. */
export async function staleBoards(
  db: Reader,
  places: Pick<Board, 'channel' | 'address'>[],
  calmSince: number,
  now: number,
): Promise<(Board | undefined)[]> {
  const rows = await db
    .select({ of: sql<number>`v.number`, board: boards })
    .from(sql`${numbered(places)} v`)
    .innerJoin(boards, sql`${boards.channel} = v.channel and ${boards.address} = v.address`)
    .where(
      and(
        sql`${boards.messageId} is not null`,
        sql`${boards.editAfter} <= ${at(now)}`,
        or(
          sql`${boards.shown} < ${boards.wanted}`,
          and(isNull(boards.endedAt), sql`${boards.lastAt} <= ${at(calmSince)}`),
        ),
      ),
    )
    .orderBy(desc(boards.editAfter));
  const found = new Map(rows.map(({ of, board }) => [of, board]));
  return places.map((_, i) => found.get(i));
}

/** It takes nothing more. */
export async function endBoard(db: Reader, id: string, now: number): Promise<void> {
  await db
    .update(boards)
    .set({ endedAt: now, wanted: sql`${boards.wanted} + 1` })
    .where(and(eq(boards.id, id), isNull(boards.endedAt)));
}

/** Somebody did something to alerts that stand on boards: their messages are edited. */
export async function touchBoards(tx: Tx, alertIds: string[]): Promise<string[]> {
  if (alertIds.length === 0) return [];
  const told = tx
    .select({ id: notifications.viaId })
    .from(notifications)
    .where(and(inArray(notifications.alertId, alertIds), isNotNull(notifications.viaId)));
  // In the order in which boards are locked: two deeds may touch the same ones.
  const held = tx
    .select({ id: boards.id })
    .from(boards)
    .where(inArray(boards.notificationId, told))
    .orderBy(asc(boards.receiverId))
    .for('update');
  const rows = await tx
    .update(boards)
    .set({ wanted: sql`${boards.wanted} + 1` })
    .where(inArray(boards.id, held))
    .returning({ channel: boards.channel, address: boards.address });
  return [...new Set(rows.map(({ channel, address }) => `${channel}|${address}`))];
}

/** What stands on a board, counted. */
export async function boardTally(db: Reader, { notificationId }: Board) {
  const on = sql`a.id in (select alert_id from notifications where via_id = ${notificationId})`;
  const rows = await db.execute<{ topic: string; n: number; burning: number; acknowledged: number }>(sql`
    select a.topic, count(*)::int as n,
      (count(*) filter (where a.status <> 'resolved'))::int as burning,
      (count(*) filter (where a.status = 'acknowledged'))::int as acknowledged
    from alerts a where ${on} group by a.topic order by 2 desc, 1`);
  const worst = await db
    .select()
    .from(alerts)
    .where(
      and(
        sql`${alerts.id} in (select alert_id from notifications where via_id = ${notificationId})`,
        inArray(alerts.status, ['firing', 'acknowledged']),
      ),
    )
    .orderBy(
      sql`array_position(array['critical','warning','info'], ${alerts.severity})`,
      desc(
        sql`case when ${alerts.reading}->>'value' ~ '^-?[0-9.]+$' then (${alerts.reading}->>'value')::numeric end`,
      ),
      alerts.since,
      alerts.id,
    )
    .limit(10);
  return { topics: [...rows], worst: worst as Alert[] };
}

/** Messages about alerts on their way to or at a receiver within some time; how many of them are critical. */
export interface ToldLately {
  recent: number;
  recentCritical: number;
}

/** The weather at each of these receivers since then. */
export async function weatherAt(
  db: Reader,
  receiverIds: string[],
  since: number,
): Promise<Map<string, ToldLately>> {
  const rows = await db.execute<{ id: string; n: number; critical: number }>(sql`
    select v.id, w.n, w.critical from json_array_elements_text(${JSON.stringify(receiverIds)}::text::json) v(id)
    cross join lateral (
      select count(*)::int as n, (count(*) filter (where severity = 'critical'))::int as critical
      from (select severity from notifications where receiver_id = v.id
          and status in ('ready','sending','retry','unknown') and kind in ('firing','worse','over','reminder','notice')
          and status not in ('sent','suppressed','dead') and created_at > ${at(since)}
        union all
        select severity from notifications where receiver_id = v.id and status = 'sent'
          and kind in ('firing','worse','over','reminder','notice') and ended_at > ${at(since)}) told) w`);
  return new Map(rows.map(({ id, n, critical }) => [id, { recent: n, recentCritical: critical }]));
}
