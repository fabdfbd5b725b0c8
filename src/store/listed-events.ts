// Events as they were taken, newest first, for those who look back.
import { and, desc, eq, gte, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Json } from '#core/json.ts';
import { patternSource } from '#core/topic.ts';
import type { Reader } from './connection.ts';
import { events } from './schema/events.ts';

export interface EventsQuery {
  /** What the asker may see; `**` is everything. */
  topics: readonly string[];
  topic?: string | undefined;
  source?: string | undefined;
  subject?: string | undefined;
  state?: 'waiting' | 'processed' | 'quarantined' | undefined;
  /** Received from then on and before then. */
  since?: number | undefined;
  until?: number | undefined;
  /** Only numbers below this one. */
  before?: number | undefined;
  limit: number;
}

/** At most `limit`, newest first; the whole story of one is told by its number. */
export async function listEvents(db: Reader, query: EventsQuery) {
  const { topics, topic, source, subject, state, since, until, before, limit } = query;
  const rows = await db
    .select({
      seq: events.seq,
      id: events.eventId,
      source: events.source,
      type: events.type,
      subject: events.subject,
      time: events.time,
      severity: events.severity,
      status: events.status,
      endsAt: events.endsAt,
      fingerprint: events.fingerprint,
      receivedAt: events.receivedAt,
      processedAt: events.processedAt,
      matched: events.matched,
      quarantined: events.quarantined,
      body: events.body,
    })
    .from(events)
    .where(
      and(
        topics.includes('**') ? undefined : (or(...topics.map(under)) ?? sql`false`),
        topic === undefined ? undefined : under(topic),
        source === undefined ? undefined : eq(events.source, source),
        subject === undefined ? undefined : eq(events.subject, subject),
        state === 'waiting' ? isNull(events.processedAt) : undefined,
        state === 'processed' ? and(isNotNull(events.processedAt), isNull(events.quarantined)) : undefined,
        state === 'quarantined' ? isNotNull(events.quarantined) : undefined,
        since === undefined ? undefined : gte(events.receivedAt, since),
        until === undefined ? undefined : lt(events.receivedAt, until),
        before === undefined ? undefined : lt(events.seq, before),
      ),
    )
    .orderBy(desc(events.seq))
    .limit(limit);
  return rows.map(({ body, ...row }) => ({
    ...row,
    ...(JSON.parse(body) as { data: Record<string, Json>; labels: Record<string, string> }),
  }));
}

// A whole topic is found by its index.
function under(pattern: string): SQL {
  if (pattern === '**') return sql`true`;
  return pattern.includes('*')
    ? sql`'.' || ${events.type} ~ ${patternSource(pattern)}`
    : eq(events.type, pattern);
}
