// What burns, each change of it, and who is to take care of it.
import { sql } from 'drizzle-orm';
import { bigserial, index, integer, jsonb, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Change, Status } from '#core/alert.ts';
import type { Reading } from '#core/reading.ts';
import type { Severity } from '#core/severity.ts';
import { big, instant, type Labels, transactionId } from './columns.ts';

export const alerts = pgTable(
  'alerts',
  {
    id: text().primaryKey(),
    ruleId: text('rule_id').notNull(),
    ownerId: text('owner_id').notNull(),
    key: text().notNull(),
    labels: jsonb().$type<Labels>().notNull(),
    topic: text().notNull(),
    subject: text().notNull(),
    title: text().notNull(),
    fields: jsonb().$type<Labels>().notNull(),
    status: text().$type<Status>().notNull(),
    severity: text().$type<Severity>().notNull(),
    reading: jsonb().$type<Reading>().notNull(),
    since: instant('since').notNull(),
    firedAt: instant('fired_at'),
    acknowledgedAt: instant('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    resolvedAt: instant('resolved_at'),
    snoozedUntil: instant('snoozed_until'),
    dueAt: instant('due_at'),
    count: integer().notNull(),
    hops: smallint().notNull().default(0),
    rev: integer().notNull(),
  },
  (t) => [
    uniqueIndex('alerts_open').on(t.ruleId, t.key).where(sql`status <> 'resolved'`),
    // For all rules of a key, and for nothing else: a question says the collation, too.
    index('alerts_open_of_key').on(sql`${t.key} collate "C"`).where(sql`status <> 'resolved'`),
    index('alerts_owner').on(t.ownerId, t.status),
    index('alerts_history').on(t.ruleId, t.key, t.since),
    index('alerts_snoozed').on(t.snoozedUntil).where(sql`snoozed_until is not null`),
  ],
);

export const transitions = pgTable(
  'transitions',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    alertId: text('alert_id').notNull(),
    rev: integer().notNull(),
    from: text().$type<Status>(),
    to: text().$type<Status>().notNull(),
    change: text().$type<Change>().notNull(),
    at: instant('at').notNull(),
    by: text(),
    byRef: text('by_ref'),
    reading: jsonb().$type<Reading>().notNull(),
    seq: big('seq'),
    note: text(),
    /** The transaction that wrote it: numbers of rows become visible out of order; see store/changes.ts. */
    xid: transactionId('xid').notNull().default(sql`pg_current_xact_id()`),
  },
  (t) => [
    uniqueIndex('transitions_alert').on(t.alertId, t.rev),
    index('transitions_seq').on(t.seq),
    index('transitions_xid').on(t.xid),
  ],
);

/** Alerts that somebody wants followed up, and what was done so far. */
export const cares = pgTable(
  'cares',
  {
    alertId: text('alert_id').primaryKey(),
    since: instant('since').notNull(),
    reminded: integer().notNull().default(0),
    escalated: integer().notNull().default(0),
    /** When to look at it again; a timer. */
    dueAt: instant('due_at').notNull(),
  },
  (t) => [index('cares_due').on(t.dueAt)],
);
