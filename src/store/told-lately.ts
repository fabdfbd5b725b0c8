// How much receivers were told lately, and since when things are gathered for them.
import { and, eq, sql } from 'drizzle-orm';
import { among } from './among.ts';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import { notifications } from './schema/notifications.ts';

const most = 2000;

/** When messages were sent to each of these receivers after `since`, oldest first; sentences of ours do not count. */
export async function sentWithin(
  db: Reader,
  receiverIds: string[],
  since: number,
): Promise<Map<string, number[]>> {
  if (receiverIds.length === 0) return new Map();
  const rows = await db.execute<{ id: string; at: number }>(sql`
    select v.id, floor(extract(epoch from l.ended_at) * 1000)::float8 as at
    from json_array_elements_text(${JSON.stringify(receiverIds)}::text::json) v(id) cross join lateral (
      select n.ended_at from notifications n where n.receiver_id = v.id and n.status = 'sent' and n.kind <> 'note'
        and n.ended_at is not null and n.ended_at > ${at(since)}
      order by n.ended_at desc limit ${most}::int) l
    order by l.ended_at`);
  const sent = new Map<string, number[]>();
  for (const { id, at } of rows) {
    const before = sent.get(id);
    if (before) before.push(Number(at));
    else sent.set(id, [Number(at)]);
  }
  return sent;
}

/** When the oldest of what is gathered for each of these receivers came; absent: nothing is. */
export async function gatheringSince(db: Reader, receiverIds: string[]): Promise<Map<string, number>> {
  if (receiverIds.length === 0) return new Map();
  const rows = await db
    .select({
      id: notifications.receiverId,
      at: sql<string | Date>`min(${notifications.createdAt})`,
    })
    .from(notifications)
    .where(
      and(
        among(notifications.receiverId, receiverIds),
        sql`${notifications.status} not in ('sent','suppressed','dead')`,
        eq(notifications.status, 'held'),
        eq(notifications.reason, 'grouped'),
      ),
    )
    .groupBy(notifications.receiverId);
  return new Map(rows.map(({ id, at }) => [id, new Date(at).getTime()]));
}
