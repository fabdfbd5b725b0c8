// What burns now for whoever begins to follow, and which commits are in it, read at one instant.
import { and, desc, eq, inArray, or, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import { patternSource } from '#core/topic.ts';
import type { Db } from './connection.ts';
import { alerts } from './schema/alerts.ts';
import { notifications } from './schema/notifications.ts';
import { receivers } from './schema/receivers.ts';

const most = 1_000;

type Who = { is: 'key'; topics: readonly string[]; narrow?: string } | { is: 'person'; personId: string };

/** The open alerts that they may see, worst first, and the snapshot that sees them; only the snapshot unless `wanted`. */
export async function burningFor(
  db: Db,
  who: Who,
  wanted = true,
): Promise<{ snapshot: string; alerts: Alert[]; more: boolean }> {
  return db.transaction(
    async (tx) => {
      const [row] = await tx.execute<{ now: string }>(sql`select pg_current_snapshot()::text as now`);
      const found = wanted
        ? await tx
            .select()
            .from(alerts)
            .where(and(inArray(alerts.status, ['firing', 'acknowledged']), visibleTo(who)))
            .orderBy(
              sql`array_position(array['critical','warning','info'], ${alerts.severity})`,
              desc(alerts.since),
              alerts.id,
            )
            .limit(most + 1)
        : [];
      return { snapshot: row!.now, alerts: found.slice(0, most), more: found.length > most };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

function visibleTo(who: Who) {
  if (who.is === 'person')
    return or(
      eq(alerts.ownerId, who.personId),
      sql`exists (select 1 from ${notifications} n join ${receivers} r on r.id = n.receiver_id
        where n.alert_id = ${alerts.id} and r.owner_id = ${who.personId})`,
    );
  const under = (pattern: string) =>
    pattern === '**' ? sql`true` : sql`'.' || ${alerts.topic} ~ ${patternSource(pattern)}`;
  const own = or(...who.topics.map(under)) ?? sql`false`;
  return who.narrow === undefined ? own : and(own, under(who.narrow));
}
