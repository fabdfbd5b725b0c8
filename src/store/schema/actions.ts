// What may be done outside, and each time that it was wanted.
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { ActAnswer, ActRequest, ActStatus, Pressers } from '#core/act.ts';
import type { Condition } from '#core/condition.ts';
import { big, instant } from './columns.ts';

/** What may be done because of an alert: declared over HTTP, pressed in the chat. */
export const actions = pgTable('actions', {
  id: text().primaryKey(),
  name: text().notNull().unique(),
  /** On the button. */
  title: text().notNull(),
  kind: text().notNull(),
  params: jsonb().$type<Record<string, unknown>>().notNull(),
  /** Which alerts carry it. */
  topic: text().notNull(),
  match: jsonb().$type<Condition[]>().notNull(),
  may: jsonb().$type<Pressers>().notNull(),
  /** Whether it is asked once more before it happens. */
  confirm: boolean().notNull(),
  /** Whether it may be tried again by itself: twice is as good as once. */
  idempotent: boolean().notNull(),
  perHour: integer('per_hour').notNull(),
  /** By which it signs; sealed. */
  secret: text().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

/** Each time that an action was wanted: the row is committed before the first byte. */
export const acts = pgTable(
  'acts',
  {
    id: text().primaryKey(),
    actionId: text('action_id').notNull(),
    /** As it was called then. */
    action: text().notNull(),
    title: text().notNull(),
    alertId: text('alert_id').notNull(),
    status: text().$type<ActStatus>().notNull(),
    byId: text('by_id').notNull(),
    by: text().notNull(),
    /** Where it was pressed. */
    chatId: big('chat_id').notNull(),
    request: jsonb().$type<ActRequest>().notNull(),
    askedAt: instant('asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    confirmedAt: instant('confirmed_at'),
    attempts: integer().notNull().default(0),
    /** confirmed: not before; calling: dead if nothing came until then. A timer. */
    dueAt: instant('due_at'),
    answer: jsonb().$type<ActAnswer>(),
    detail: text(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('acts_due').on(t.dueAt).where(sql`status in ('confirmed','calling')`),
    index('acts_alert').on(t.alertId, t.actionId),
    index('acts_asked').on(t.askedAt),
  ],
);
