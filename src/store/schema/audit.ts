// Who did what.
import { sql } from 'drizzle-orm';
import { bigserial, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Json } from '#core/json.ts';
import { big, instant } from './columns.ts';

export const audit = pgTable(
  'audit',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    at: instant('at').notNull(),
    actor: text().notNull(),
    verb: text().notNull(),
    target: text().notNull(),
    detail: jsonb().$type<Json>(),
    /** Its place in the chain (`audit-chain.ts`), and what binds it to the one before; null: not bound yet. */
    link: big('link'),
    seal: text(),
  },
  (t) => [
    index('audit_target').on(t.target),
    uniqueIndex('audit_link').on(t.link),
    index('audit_unbound').on(t.id).where(sql`link is null`),
  ],
);
