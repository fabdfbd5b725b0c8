// Who is here, and what lets somebody in.
import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Away } from '#core/away.ts';
import type { Care } from '#core/care.ts';
import type { Quiet } from '#core/quiet.ts';
import { big, instant } from './columns.ts';

export const people = pgTable('people', {
  id: text().primaryKey(),
  telegramId: big('telegram_id').notNull().unique(),
  name: text().notNull(),
  username: text(),
  role: text().$type<'member' | 'admin' | 'owner'>().notNull(),
  zone: text(),
  morning: integer().notNull().default(540),
  quiet: jsonb().$type<Quiet>(),
  care: jsonb().$type<Care>(),
  away: jsonb().$type<Away>(),
  /** When they last wrote or pressed, and since when they had not before that visit. */
  seenAt: instant('seen_at'),
  absentSince: instant('absent_since'),
  createdAt: instant('created_at').notNull(),
  leftAt: instant('left_at'),
});

export const groups = pgTable('groups', {
  id: text().primaryKey(),
  chatId: big('chat_id').notNull().unique(),
  title: text().notNull(),
  zone: text().notNull(),
  morning: integer().notNull().default(540),
  quiet: jsonb().$type<Quiet>(),
  care: jsonb().$type<Care>(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  leftAt: instant('left_at'),
});

export const invitations = pgTable('invitations', {
  /** SHA-256 of the token; the token itself is never kept. */
  hash: text().primaryKey(),
  role: text().$type<'member' | 'admin' | 'owner'>().notNull(),
  createdBy: text('created_by').notNull(),
  expiresAt: instant('expires_at').notNull(),
  usedBy: text('used_by'),
  usedAt: instant('used_at'),
});

/** What lets a browser in without a key: once to the stream, or for a while to its person's own page. */
export const passes = pgTable(
  'passes',
  {
    /** SHA-256 of the token; the token itself is never kept. */
    hash: text().primaryKey(),
    lets: text().$type<'stream' | 'page'>().notNull(),
    /** `stream`: of whose key it has the rights. */
    keyId: text('key_id'),
    /** `page`: whose page. */
    personId: text('person_id'),
    /** The browser, in words. */
    label: text(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [index('passes_person').on(t.personId), index('passes_expiry').on(t.expiresAt)],
);
