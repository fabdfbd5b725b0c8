// What the installation itself remembers.
import { pgTable, text } from 'drizzle-orm/pg-core';
import { big } from './columns.ts';

/** Secrets of this installation, sealed. */
export const secrets = pgTable('secrets', {
  name: text().primaryKey(),
  sealed: text().notNull(),
});

/** Single-row counters and markers: `rules` (change counter), `canary-told` (of which failure people know) … */
export const markers = pgTable('markers', {
  name: text().primaryKey(),
  value: big('value').notNull(),
  detail: text(),
});
