// Rules by the thousand: found by name, written in one statement each thousand, and told page by page.
import { and, asc, count, eq, getTableColumns, gt, inArray, isNull, sql } from 'drizzle-orm';
import { sameJson } from '#core/json.ts';
import type { Rule } from '#core/rule.ts';
import { type Forgotten, forgottenBy } from '#core/rule-edit.ts';
import { soleKey } from '#core/sole-key.ts';
import type { Reader, Tx } from './connection.ts';
import { insertMany } from './insert-many.ts';
import { groundsFor } from './rule-ground.ts';
import { rowOf, ruleOf } from './rule-rows.ts';
import { beginState, dropStates, lookAgain, resetStates } from './rule-states.ts';
import { columns, countChange } from './rules.ts';
import { alerts } from './schema/alerts.ts';
import { groups, people } from './schema/people.ts';
import { rules } from './schema/rules.ts';

/** A rule as its owner calls it. */
export interface NamedRule {
  ownerId: string;
  name: string;
}

/** The rules that these owners call so, oldest first. */
export async function rulesNamed(db: Reader, wanted: NamedRule[]): Promise<Rule[]> {
  if (wanted.length === 0) return [];
  const pairs = JSON.stringify(wanted.map(({ ownerId, name }) => ({ o: ownerId, n: name })));
  const rows = await db
    .select(columns)
    .from(rules)
    .where(
      and(
        isNull(rules.deletedAt),
        sql`(${rules.ownerId}, ${rules.name}) in
          (select w.o, w.n from json_to_recordset(${pairs}::text::json) as w(o text, n text))`,
      ),
    )
    .orderBy(asc(rules.createdAt), asc(rules.id));
  return rows.map(ruleOf);
}

/** How many rules each of these owners has. */
export async function countRules(db: Reader, ownerIds: string[]): Promise<Map<string, number>> {
  const rows = await db
    .select({ ownerId: rules.ownerId, many: count() })
    .from(rules)
    .where(and(inArray(rules.ownerId, ownerIds), isNull(rules.deletedAt)))
    .groupBy(rules.ownerId);
  return new Map(rows.map(({ ownerId, many }) => [ownerId, many]));
}

/**
 * Writes new rules and new forms of rules as one change; like `saveRule`, and to be called as early. `before` holds the
 * forms that are replaced, by id; the alerts of those that must forget everything are the caller's.
 */
export async function saveRules(
  tx: Tx,
  wanted: Omit<Rule, 'version'>[],
  before: ReadonlyMap<string, Rule>,
  createdBy: string,
  now: number,
): Promise<void> {
  if (wanted.length === 0) return;
  const version = await countChange(tx);
  const grounds = await groundsFor(tx, wanted);
  const rows = wanted.map((rule, i) => ({
    ...rowOf({ ...rule, version }, grounds[i]!),
    createdBy,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  }));
  const kept = ['id', 'createdBy', 'createdAt'];
  const changes = Object.entries(getTableColumns(rules))
    .filter(([field]) => !kept.includes(field))
    .map(([, { name }]) => `"${name}" = excluded."${name}"`);
  await tx.execute(
    sql`${insertMany(rules, rows)} on conflict (id) do update set ${sql.raw(changes.join(', '))}`,
  );
  const forgetting = (what: Forgotten) =>
    wanted
      .filter((rule) => before.has(rule.id) && forgottenBy(before.get(rule.id)!, rule) === what)
      .map(({ id }) => id);
  await dropStates(tx, forgetting('everything'));
  await resetStates(tx, forgetting('memory'));
  for (const rule of wanted) {
    const old = before.get(rule.id);
    const waitsAnew = old && rule.begins && forgottenBy(old, rule) === 'memory';
    if (waitsAnew || (old && !sameJson(old.bands ?? [], rule.bands ?? []))) await lookAgain(tx, rule.id, now);
    const sole = rule.begins && !rule.paused ? soleKey(rule) : undefined;
    if (sole !== undefined) await beginState(tx, rule.id, sole, now);
  }
}

/** Which of these rules have open alerts. */
export async function rulesBurning(tx: Tx, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectDistinct({ id: alerts.ruleId })
    .from(alerts)
    .where(and(inArray(alerts.ruleId, ids), sql`${alerts.status} <> 'resolved'`));
  return new Set(rows.map(({ id }) => id));
}

/** Rules in order of their ids, after one of them; of everybody, or of one owner. */
export async function rulesAfter(
  db: Reader,
  after: string,
  ownerId: string | undefined,
  limit: number,
): Promise<Rule[]> {
  const rows = await db
    .select(columns)
    .from(rules)
    .where(
      and(
        isNull(rules.deletedAt),
        gt(rules.id, after),
        ownerId === undefined ? undefined : eq(rules.ownerId, ownerId),
      ),
    )
    .orderBy(asc(rules.id))
    .limit(limit);
  return rows.map(ruleOf);
}

/** How these owners are called outside: `telegram:7001`, `telegram:-100123`. */
export async function namesOfOwners(db: Reader, ownerIds: string[]): Promise<Map<string, string>> {
  if (ownerIds.length === 0) return new Map();
  const persons = await db
    .select({ id: people.id, number: people.telegramId })
    .from(people)
    .where(inArray(people.id, ownerIds));
  const chats = await db
    .select({ id: groups.id, number: groups.chatId })
    .from(groups)
    .where(inArray(groups.id, ownerIds));
  return new Map([...persons, ...chats].map(({ id, number }) => [id, `telegram:${number}`]));
}
