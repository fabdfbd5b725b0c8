// How much may go to an address.
import { doublePrecision, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns.ts';

/** One budget per address for everything that goes there; `*` is the whole channel. Also who is sending to it now. */
export const budgets = pgTable(
  'budgets',
  {
    channel: text().notNull(),
    address: text().notNull(),
    /** Theoretical arrival time of the pacing (GCRA). */
    freeAt: instant('free_at').notNull(),
    /** The channel said: not before. */
    pausedUntil: instant('paused_until'),
    /** Of the whole channel: the part of its pace that was left then, after it was refused. */
    share: doublePrecision(),
    shareAt: instant('share_at'),
    leaseOwner: integer('lease_owner'),
    leaseUntil: instant('lease_until'),
  },
  (t) => [primaryKey({ columns: [t.channel, t.address] })],
);
