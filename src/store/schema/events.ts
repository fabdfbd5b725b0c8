// What arrived, and the lanes that stumbled over it.
import { sql } from 'drizzle-orm';
import { bigserial, index, integer, jsonb, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { EventStatus } from '#core/event.ts';
import type { Severity } from '#core/severity.ts';
import type { Trace } from '#core/trace.ts';
import { big, instant } from './columns.ts';

export const events = pgTable(
  'events',
  {
    seq: bigserial({ mode: 'number' }).primaryKey(),
    sourceId: text('source_id').notNull(),
    eventId: text('event_id').notNull(),
    bodyHash: text('body_hash').notNull(),
    lane: smallint().notNull(),
    fingerprint: text().notNull(),
    /** CloudEvents `source`. */
    source: text().notNull(),
    type: text().notNull(),
    subject: text().notNull(),
    time: instant('time'),
    severity: text().$type<Severity>(),
    status: text().$type<EventStatus>(),
    /** Firing until then unless it is said again. */
    endsAt: instant('ends_at'),
    /** Kept as text: jsonb refuses what JSON allows. `{"data":…,"labels":…}` as parsed, well-formed. */
    body: text().notNull(),
    /** The sender's bytes for this event, when a format changed them; otherwise null. */
    raw: text(),
    receivedAt: instant('received_at').notNull(),
    processedAt: instant('processed_at'),
    /** How many rules asked about it. */
    matched: integer(),
    /** How many emitted events stand between a sender's and this one. */
    hops: smallint().notNull().default(0),
    /** What the rules that looked at it read; see core/trace.ts. */
    trace: jsonb().$type<Trace>(),
    /** Why it was put aside, when processing it failed for good. */
    quarantined: text(),
  },
  (t) => [
    uniqueIndex('events_source_event').on(t.sourceId, t.source, t.eventId),
    index('events_waiting').on(t.lane, t.seq).where(sql`processed_at is null`),
    index('events_type').on(t.type, t.seq),
    // Events come nearly in order of time: a small index is enough.
    index('events_received').using('brin', t.receivedAt),
  ],
);

/** Lanes whose last batch did not end well: they go on one event at a time. */
export const laneTroubles = pgTable('lane_troubles', {
  lane: smallint().primaryKey(),
  seq: big('seq').notNull(),
  attempts: integer().notNull(),
  error: text(),
});
