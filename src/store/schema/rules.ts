// What people wish to be told of, and what each rule remembers.
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Condition } from '#core/condition.ts';
import type { Json } from '#core/json.ts';
import type { PackDocument } from '#core/pack.ts';
import type { RuleGround, RuleOptions } from '#core/rule.ts';
import type { Severity } from '#core/severity.ts';
import { big, instant } from './columns.ts';

export const rules = pgTable(
  'rules',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    createdBy: text('created_by').notNull(),
    name: text().notNull(),
    topic: text().notNull(),
    match: jsonb().$type<Condition[]>().notNull(),
    kind: text().notNull(),
    params: jsonb().$type<Record<string, unknown>>().notNull(),
    key: jsonb().$type<string[]>().notNull(),
    forMs: big('for_ms').notNull(),
    keepFiringForMs: big('keep_firing_for_ms').notNull(),
    severity: text().$type<Severity>(),
    paused: boolean().notNull(),
    to: jsonb().$type<string[]>().notNull(),
    /** What few rules say: bands, emit, shadow … */
    options: jsonb().$type<RuleOptions>().notNull().default({}),
    /** What the owner's settings give to it; written anew when they change. */
    ground: jsonb().$type<RuleGround>().notNull().default({}),
    version: big('version').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    deletedAt: instant('deleted_at'),
  },
  (t) => [index('rules_version').on(t.version), index('rules_owner').on(t.ownerId, t.name)],
);

export const ruleStates = pgTable(
  'rule_states',
  {
    ruleId: text('rule_id').notNull(),
    key: text().notNull(),
    /** The kind's own memory. */
    state: jsonb().$type<Json>(),
    /** Whether the last reading was met: alerts open on the crossing only. */
    met: boolean().notNull(),
    /** The latest event time stepped so far; older ones are late. */
    lastTime: instant('last_time'),
    /** When it must be stepped without an event (for, keep firing, absence); a timer. */
    dueAt: instant('due_at'),
    /** Of a rule that minds flapping: when it last became met, epoch milliseconds. */
    firings: jsonb().$type<number[]>(),
  },
  (t) => [
    primaryKey({ columns: [t.ruleId, t.key] }),
    // For all rules of a key, and for nothing else: a question says the collation, too.
    index('rule_states_of_key').on(sql`${t.key} collate "C"`),
    index('rule_states_due').on(t.dueAt).where(sql`due_at is not null`),
  ],
);

/** Until when it is not offered to make a rule quieter. */
export const tunings = pgTable('tunings', {
  ruleId: text('rule_id').primaryKey(),
  quietUntil: instant('quiet_until').notNull(),
});

/** Named lists that people keep, for conditions such as `block in $me.blocks`. */
export const lists = pgTable(
  'lists',
  {
    ownerId: text('owner_id').notNull(),
    name: text().notNull(),
    items: jsonb().$type<string[]>().notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.ownerId, t.name] })],
);

/** Rules ready to be taken; every version that was ever given out. */
export const packs = pgTable(
  'packs',
  {
    id: text().notNull(),
    version: integer().notNull(),
    /** Null: everybody's. */
    ownerId: text('owner_id'),
    ruleId: text('rule_id'),
    document: jsonb().$type<PackDocument>().notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    /** Taken back: no longer offered; what was taken from it stays. */
    withdrawnAt: instant('withdrawn_at'),
  },
  (t) => [primaryKey({ columns: [t.id, t.version] }), index('packs_rule').on(t.ruleId)],
);
