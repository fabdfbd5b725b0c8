// What people wish not to hear of.
import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Matcher } from '#core/matcher.ts';
import type { Weekly } from '#core/silence.ts';
import { instant } from './columns.ts';

export const silences = pgTable(
  'silences',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    topic: text().notNull(),
    match: jsonb().$type<Matcher[]>().notNull(),
    ruleId: text('rule_id'),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    by: text().notNull(),
    comment: text().notNull(),
    /** Only in these hours of every week. */
    weekly: jsonb().$type<Weekly>(),
  },
  (t) => [index('silences_owner').on(t.ownerId, t.endsAt)],
);
