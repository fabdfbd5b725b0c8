// How much a receiver was told lately, and since when things are gathered for it.
import { and, desc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { notifications } from './schema.ts';

const most = 2000;

/** When messages were sent to this receiver after `since`, oldest first; sentences of ours do not count. */
export async function sentWithin(db: Reader, receiverId: string, since: number): Promise<number[]> {
  const rows = await db
    .select({ at: notifications.endedAt })
    .from(notifications)
    .where(
      and(
        eq(notifications.receiverId, receiverId),
        eq(notifications.status, 'sent'),
        ne(notifications.kind, 'note'),
        isNotNull(notifications.endedAt),
        gt(notifications.endedAt, since),
      ),
    )
    .orderBy(desc(notifications.endedAt))
    .limit(most);
  return rows.map(({ at }) => at!).reverse();
}

/** When the oldest of what is gathered for this receiver came; undefined: nothing is. */
export async function gatheringSince(db: Reader, receiverId: string): Promise<number | undefined> {
  const [row] = await db
    .select({ at: sql<string | Date | null>`min(${notifications.createdAt})` })
    .from(notifications)
    .where(
      and(
        eq(notifications.receiverId, receiverId),
        sql`${notifications.status} not in ('sent','suppressed','dead')`,
        eq(notifications.status, 'held'),
        eq(notifications.reason, 'grouped'),
      ),
    );
  return row?.at == null ? undefined : new Date(row.at).getTime();
}
