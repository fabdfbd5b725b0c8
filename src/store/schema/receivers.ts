// Where people and groups are told.
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Style } from '#core/style.ts';
import { big, instant } from './columns.ts';

export const receivers = pgTable(
  'receivers',
  {
    id: text().primaryKey(),
    /** `p_…` or `g_…`. */
    ownerId: text('owner_id').notNull(),
    channel: text().notNull(),
    /** Telegram: the chat id. Where something private was typed: the receiver's own id, so that it stands in `contact` alone. */
    address: text().notNull(),
    /** The forum topic of the chat that it is, by name; empty: the chat as a whole. */
    topic: text().notNull().default(''),
    label: text().notNull(),
    /** Why it is switched off: blocked, kicked, gone …; null while it works. */
    disabled: text(),
    disabledAt: instant('disabled_at'),
    /** What was typed to reach it, sealed; null where the address itself says it (a chat's id). */
    contact: text(),
    /** A machine: told every change in order, and nothing about attention holds for it. */
    everyChange: boolean('every_change').notNull().default(false),
    /** Attempts that failed since one last succeeded, and since when. */
    failures: integer().notNull().default(0),
    failingSince: instant('failing_since'),
    /** How it wants to be told: hours, gathering, caps. */
    style: jsonb().$type<Style>().notNull().default({}),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('receivers_address').on(t.channel, t.address, t.ownerId, t.topic),
    index('receivers_owner').on(t.ownerId),
  ],
);

/** Forum topics of chats by name; what each status means: store/forum-topics.ts. `*` is the chat as a whole. */
export const forumTopics = pgTable(
  'forum_topics',
  {
    channel: text().notNull(),
    address: text().notNull(),
    name: text().notNull(),
    /** Its number in the chat; null: not known, or there is none. */
    thread: big('thread'),
    status: text().$type<'making' | 'open' | 'gone' | 'away'>().notNull(),
    why: text(),
    until: instant('until'),
    /** Whether we made it. */
    ours: boolean().notNull(),
    /** Whether its owners know of its trouble. */
    told: boolean().notNull(),
    /** When it was begun, or became known. */
    since: instant('since').notNull(),
  },
  (t) => [primaryKey({ columns: [t.channel, t.address, t.name] })],
);

/** A code on its way to a typed address, which proves that its owner wants to be told there. */
export const confirmations = pgTable('confirmations', {
  receiverId: text('receiver_id').primaryKey(),
  hash: text().notNull(),
  tries: integer().notNull(),
  sentAt: instant('sent_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
});

/** Topics that an owner does not want to be told of on a channel (`*`: on none). */
export const optOuts = pgTable(
  'opt_outs',
  {
    ownerId: text('owner_id').notNull(),
    channel: text().notNull(),
    topic: text().notNull(),
    /** Not left out, but kept for the owner's digest. */
    digest: boolean().notNull().default(false),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.ownerId, t.channel, t.topic] })],
);
