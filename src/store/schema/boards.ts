// The messages that stand for a storm.
import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { big, instant } from './columns.ts';

/** One message that is edited, in the place of hundreds. What stands on it: notifications with its id in `via_id`. */
export const boards = pgTable(
  'boards',
  {
    id: text().primaryKey(),
    receiverId: text('receiver_id').notNull(),
    channel: text().notNull(),
    address: text().notNull(),
    /** The notification that put it up. */
    notificationId: big('notification_id').notNull(),
    messageId: text('message_id'),
    beganAt: instant('began_at').notNull(),
    /** When something last came. */
    lastAt: instant('last_at').notNull(),
    endedAt: instant('ended_at'),
    /** When everything on it was over, and that was said. */
    overAt: instant('over_at'),
    /** Edits are due while shown < wanted. */
    shown: integer().notNull().default(0),
    wanted: integer().notNull(),
    editAfter: instant('edit_after').notNull(),
  },
  (t) => [
    uniqueIndex('boards_open').on(t.receiverId).where(sql`ended_at is null`),
    uniqueIndex('boards_notification').on(t.notificationId),
    index('boards_stale').on(t.channel, t.address).where(sql`ended_at is null or shown < wanted`),
  ],
);
