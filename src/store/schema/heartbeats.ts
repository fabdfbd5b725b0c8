// What calls in when it is done.
import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** Things that call in when they are done: a job, a host, a cron line. */
export const heartbeats = pgTable(
  'heartbeats',
  {
    id: text().primaryKey(),
    /** Its events' subject; unique, because their topic is made of it. */
    name: text().notNull().unique(),
    topic: text().notNull(),
    /** Whose it is: the rules about it are theirs. */
    ownerId: text('owner_id').notNull(),
    /** SHA-256 of the token; the token itself is never kept. */
    hash: text().notNull().unique(),
    /** When it should come, as the kind `absence` reads it. */
    expects: jsonb().$type<Record<string, string>>().notNull(),
    ruleIds: jsonb('rule_ids').$type<string[]>().notNull(),
    /** When it said that it begins; null while nothing is under way. */
    startedAt: instant('started_at'),
    lastAt: instant('last_at'),
    /** `ok`, `fail`, `start`, `log`; null before the first. */
    lastStatus: text('last_status').$type<'ok' | 'fail' | 'start' | 'log'>(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [index('heartbeats_owner').on(t.ownerId)],
);
