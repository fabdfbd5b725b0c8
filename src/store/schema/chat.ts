// What came from Telegram, and what its buttons and conversations mean.
import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Json } from '#core/json.ts';
import { big, instant } from './columns.ts';

export const updates = pgTable(
  'updates',
  {
    updateId: big('update_id').primaryKey(),
    chatKey: text('chat_key').notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    receivedAt: instant('received_at').notNull(),
    notBefore: instant('not_before'),
    attempts: integer().notNull().default(0),
    doneAt: instant('done_at'),
    error: text(),
  },
  (t) => [index('updates_waiting').on(t.chatKey, t.updateId).where(sql`done_at is null`)],
);

/** What a button means; the message carries only the id. */
export const buttons = pgTable(
  'buttons',
  {
    id: text().primaryKey(),
    action: text().notNull(),
    alertId: text('alert_id'),
    rev: integer(),
    chatId: big('chat_id').notNull(),
    payload: text(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [index('buttons_expiry').on(t.expiresAt)],
);

export const conversations = pgTable('conversations', {
  key: text().primaryKey(),
  value: jsonb().$type<Json>().notNull(),
  updatedAt: instant('updated_at').notNull(),
});
