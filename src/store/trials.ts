// Rules on trial: what they would have told, from the notifications that were kept back for it.
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { alerts } from './schema/alerts.ts';
import { notifications } from './schema/notifications.ts';

export interface Trial {
  /** How many alerts would have been told, and when the first of them was. */
  told: number;
  since: number | null;
  /** The newest, newest first. */
  last: { at: number; subject: string; title: string; text: string; overAt: number | null }[];
}

/** What the rule would have told while it was only on trial; as long back as notifications are kept. */
export async function trialOf(db: Reader, ruleId: string, most = 3): Promise<Trial> {
  const kept = and(
    eq(alerts.ruleId, ruleId),
    eq(notifications.reason, 'shadow'),
    inArray(notifications.kind, ['firing', 'notice']),
  );
  const joined = eq(alerts.id, notifications.alertId);
  const [sums] = await db
    .select({
      told: sql<number>`count(distinct ${notifications.alertId})::int`,
      since: sql<number | null>`(extract(epoch from min(${notifications.createdAt})) * 1000)::float8`,
    })
    .from(notifications)
    .innerJoin(alerts, joined)
    .where(kept);
  // Several receivers are told of one alert.
  const last = await db
    .selectDistinctOn([notifications.createdAt, alerts.id], {
      at: notifications.createdAt,
      subject: alerts.subject,
      title: alerts.title,
      reading: alerts.reading,
      overAt: alerts.resolvedAt,
    })
    .from(notifications)
    .innerJoin(alerts, joined)
    .where(kept)
    .orderBy(desc(notifications.createdAt), alerts.id)
    .limit(most);
  return {
    told: sums?.told ?? 0,
    since: sums?.since == null ? null : Math.round(Number(sums.since)),
    last: last.map(({ reading, ...one }) => ({ ...one, text: reading.text })),
  };
}
