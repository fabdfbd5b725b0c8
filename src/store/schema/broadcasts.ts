// Notices to many, and what came of them.
import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Audience, Course, Step } from '#core/broadcast.ts';
import type { Severity } from '#core/severity.ts';
import { big, instant } from './columns.ts';

/** Notices to many, and how far each has come. */
export const broadcasts = pgTable(
  'broadcasts',
  {
    id: text().primaryKey(),
    text: text('body').notNull(),
    severity: text().$type<Severity>().notNull(),
    audience: jsonb().$type<Audience>().notNull(),
    status: text().$type<Course['status']>().notNull(),
    next: text().$type<Step>().notNull(),
    /** A timer, while it runs. */
    nextAt: instant('next_at').notNull(),
    round: integer().notNull().default(0),
    firstPercent: integer('first_percent'),
    restAfterMs: big('rest_after_ms'),
    everyMs: big('every_ms'),
    endsAt: instant('ends_at').notNull(),
    by: text().notNull(),
    byRef: text('by_ref').notNull(),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('broadcasts_due').on(t.nextAt).where(sql`status = 'running'`),
    index('broadcasts_created').on(t.createdAt),
  ],
);

/** Who is concerned by a broadcast, and what came of it there. */
export const broadcastReceipts = pgTable(
  'broadcast_receipts',
  {
    broadcastId: text('broadcast_id').notNull(),
    ownerId: text('owner_id').notNull(),
    /** What of theirs is in the cohort: the first of it, and how many more. */
    things: jsonb().$type<string[]>().notNull().default([]),
    more: integer().notNull().default(0),
    /** The last round in which they were told; 0: not yet. */
    round: integer().notNull().default(0),
    /** The message of that round; null: they could not be reached anywhere. */
    notificationId: big('notification_id'),
    seenAt: instant('seen_at'),
    seenBy: jsonb('seen_by').$type<string[]>().notNull().default([]),
    leftAt: instant('left_at'),
  },
  (t) => [primaryKey({ columns: [t.broadcastId, t.ownerId] })],
);
