// Who may push, and bodies that cannot be read yet.
import { bigserial, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Lack, Mapping } from '#core/mapping.ts';
import { instant } from './columns.ts';

export const sources = pgTable('sources', {
  id: text().primaryKey(),
  name: text().notNull().unique(),
  /** Events a second, and how many at once. */
  ratePerSecond: integer('rate_per_second').notNull(),
  burst: integer().notNull(),
  createdAt: instant('created_at').notNull(),
  /** Sealed. With one, only signed bodies are taken; the old one is good until then. */
  secret: text(),
  oldSecret: text('old_secret'),
  oldSecretUntil: instant('old_secret_until'),
  /** What the fields of its JSON mean, for the format `mapped`, and since when. */
  mapping: jsonb().$type<Mapping>(),
  mappingAt: instant('mapping_at'),
});

export const keys = pgTable(
  'keys',
  {
    id: text().primaryKey(),
    sourceId: text('source_id')
      .notNull()
      .references(() => sources.id),
    hash: text().notNull(),
    /** `ingest`, `read`, `admin`; topics in `topics`. */
    scopes: jsonb().$type<string[]>().notNull(),
    topics: jsonb().$type<string[]>().notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    /** Who made it: `person:p_…`, `key:s_…`, `operator`, `clock`; empty: before that was kept. */
    createdBy: text('created_by').notNull().default(''),
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [index('keys_source').on(t.sourceId)],
);

/** Bodies that no mapping could read yet: they become events once one can. */
export const keptBodies = pgTable(
  'kept_bodies',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    sourceId: text('source_id').notNull(),
    body: text().notNull(),
    /** Under which the key that brought it may push. */
    topics: jsonb().$type<string[]>().notNull(),
    /** What was missing when it was last tried, and by which mapping: its `mapping_at`. */
    missing: jsonb().$type<Lack[]>().notNull(),
    triedMapping: instant('tried_mapping'),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [index('kept_bodies_source').on(t.sourceId, t.id)],
);
