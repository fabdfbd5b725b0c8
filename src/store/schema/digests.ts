// What is told later, at its time.
import { boolean, index, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** What happened, told at its time: a person's or group's digest, or once the offer to catch up (`back:…`). */
export const digests = pgTable(
  'digests',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    receiverId: text('receiver_id').notNull(),
    /** Null: once, at `next_at`. */
    cron: text(),
    /** Null: the owner's. */
    zone: text(),
    sayQuiet: boolean('say_quiet').notNull(),
    coveredUntil: instant('covered_until').notNull(),
    /** A timer. */
    nextAt: instant('next_at').notNull(),
  },
  (t) => [index('digests_due').on(t.nextAt)],
);
