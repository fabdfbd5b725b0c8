// Notifications as they are found: unfinished ones, some by name, what a receiver was told in a time.
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { finalStatuses } from '#core/notification.ts';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import { notifications } from './schema/notifications.ts';

type Row = typeof notifications.$inferSelect;
export type Telling = Pick<Row, 'id' | 'kind' | 'severity' | 'status' | 'receiverId' | 'alertId'>;

/** Of notifications; as the index says it, so that a kept plan may use it. */
export const unfinished = sql`${notifications.status} not in ('sent','suppressed','dead')`;
/**
 * Of `n`, which is found by its id: it waits to be sent. In `like`, for with `=` the index of all that waits would fit, and a
 * plan from before a storm would read it whole (decision 0013).
 */
export const isToBeSent = sql.raw(`n.status like any ('{ready,retry,unknown}')`);
/** Of notifications: all a receiver was ever told. Only with these words the index of it fits. */
export const past = sql`${notifications.id} > 0`;

/** These notifications, in their order. */
export async function notificationsNamed(db: Reader, ids: number[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  return db.select().from(notifications).where(inArray(notifications.id, ids)).orderBy(asc(notifications.id));
}

/** The last test of a receiver. */
export async function lastTest(db: Reader, receiverId: string): Promise<Row | undefined> {
  const [row] = await db
    .select()
    .from(notifications)
    .where(and(eq(notifications.receiverId, receiverId), past, eq(notifications.kind, 'test')))
    .orderBy(sql`${notifications.id} desc`)
    .limit(1);
  return row;
}

/** What a receiver was to be told between two instants, and was or was not, oldest first. */
export async function toldBetween(
  db: Reader,
  receiverId: string,
  from: number,
  to: number,
  limit: number,
): Promise<number[]> {
  const rows = await db
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        eq(notifications.receiverId, receiverId),
        past,
        sql`${notifications.createdAt} >= ${at(from)} and ${notifications.createdAt} < ${at(to)}`,
        inArray(notifications.status, [...finalStatuses]),
        sql`coalesce(${notifications.reason}, '') <> 'opted-out' and ${notifications.kind} not in ('code', 'note')`,
      ),
    )
    .orderBy(asc(notifications.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}
