// What is known of topics: seen, declared, and how they are worded.
import { boolean, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { DeclaredField, SeenCounts } from '#core/declared-topic.ts';
import type { SeenField, SeenSubject } from '#core/seen-topic.ts';
import { big, instant } from './columns.ts';

/** The catalogue of topics really seen. */
export const topics = pgTable('topics', {
  topic: text().primaryKey(),
  /** Field → what was seen of it: `{type, last, min, max, values: string[]}`. */
  fields: jsonb().$type<Record<string, SeenField>>().notNull(),
  count: big('count').notNull(),
  lastAt: instant('last_at').notNull(),
  /** The last event of each of the newest 50 subjects. */
  subjects: jsonb().$type<Record<string, SeenSubject>>().notNull(),
});

/** What sources say about their topics; see core/declared-topic.ts. */
export const declaredTopics = pgTable('declared_topics', {
  topic: text().primaryKey(),
  title: text(),
  description: text(),
  strict: boolean().notNull(),
  fields: jsonb().$type<Record<string, DeclaredField>>().notNull(),
  declaredAt: instant('declared_at').notNull(),
  declaredBy: text('declared_by').notNull(),
  /** What had been seen by then. */
  base: jsonb().$type<SeenCounts>().notNull(),
});

/** How what is under a topic pattern is worded, in Liquid, and in which units its fields are measured. */
export const templates = pgTable('templates', {
  topic: text().primaryKey(),
  title: text(),
  text: text('body'),
  over: text(),
  /** Field → unit. */
  units: jsonb().$type<Record<string, string>>().notNull().default({}),
  updatedBy: text('updated_by').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
