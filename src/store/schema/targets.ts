// What is asked, and the alerts that wait for its answer.
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { alerts } from './alerts.ts';
import { instant } from './columns.ts';

/** Software that is scraped. Its name is the `source` of its events and their label `instance`. */
export const targets = pgTable(
  'targets',
  {
    id: text().primaryKey(),
    name: text().notNull().unique(),
    /** The module that knows what to ask and what the answer means. */
    module: text().notNull(),
    params: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The header `Authorization`, sealed. */
    secret: text(),
    everyMs: integer('every_ms').notNull(),
    timeoutMs: integer('timeout_ms').notNull(),
    paused: boolean().notNull().default(false),
    /** When it is asked next. A timer. */
    nextAt: instant('next_at').notNull(),
    /** Somebody asks it now, and is believed to until then. */
    leaseUntil: instant('lease_until'),
    /** The counters of the last answer. */
    memory: jsonb().$type<{ at: number; counters: Record<string, number> }>(),
    /** Whether the last answer was good; null before the first. */
    up: boolean(),
    upSince: instant('up_since'),
    /** When `up` was last told as an event. */
    upToldAt: instant('up_told_at'),
    error: text(),
    lastAt: instant('last_at'),
    /** How many events the last answer made. */
    found: integer().notNull().default(0),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [index('targets_due').on(t.nextAt).where(sql`not paused`)],
);

/** Alerts that wait for the answer of a target before they are told. A timer. */
export const verifications = pgTable(
  'verifications',
  {
    alertId: text('alert_id')
      .primaryKey()
      .references(() => alerts.id, { onDelete: 'cascade' }),
    /** The name of the target; perhaps there is none of that name. */
    target: text().notNull(),
    askedAt: instant('asked_at').notNull(),
    /** Asked: until when an answer is waited for. Answered: until when that is believed. */
    until: instant('until').notNull(),
    answered: boolean().notNull().default(false),
  },
  (t) => [index('verifications_target').on(t.target)],
);
