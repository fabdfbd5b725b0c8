// Rules in the ledger, and the change counter by which every process keeps its index fresh.
import { and, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { sameJson } from '#core/json.ts';
import type { Rule } from '#core/rule.ts';
import { forgottenBy } from '#core/rule-edit.ts';
import { soleKey } from '#core/sole-key.ts';
import type { Reader, Tx } from './connection.ts';
import { groundFor, groundsFor } from './rule-ground.ts';
import { rowOf, ruleOf } from './rule-rows.ts';
import { beginState, dropStates, lookAgain, resetStates } from './rule-states.ts';
import { alerts } from './schema/alerts.ts';
import { markers } from './schema/installation.ts';
import { rules } from './schema/rules.ts';
import { together } from './together.ts';

const lockNumber = 7_462_002;

/**
 * Keeps rules as they are until the transaction ends: evaluations hold it together, whoever saves a rule waits for
 * them, so that a saved rule applies to the next event and a deleted one to none. Resolves with the number of the last
 * change, which stands still from then on.
 */
export async function holdRules(tx: Tx): Promise<number> {
  // In one write, but a statement of its own: one sees what was there when it began, and the first may wait long. The name is a
  // value, as what has none is planned anew each time.
  const [, [last]] = await together([
    tx.execute(sql`select pg_advisory_xact_lock_shared(${lockNumber})`),
    tx.execute<{ value: number }>(sql`select value::float8 as value from ${markers} where name = ${'rules'}`),
  ]);
  return last?.value ?? 0;
}

/** One rule that is not deleted. */
export async function findRule(db: Reader, id: string): Promise<Rule | undefined> {
  const [row] = await db
    .select(columns)
    .from(rules)
    .where(and(eq(rules.id, id), isNull(rules.deletedAt)));
  return row && ruleOf(row);
}

/** When it was made, epoch milliseconds. */
export async function ruleMadeAt(db: Reader, id: string): Promise<number | undefined> {
  const [row] = await db.select({ at: rules.createdAt }).from(rules).where(eq(rules.id, id));
  return row?.at;
}

/** The rule whose alert it is; undefined when it was deleted. */
export async function ruleOfAlert(db: Reader, alertId: string): Promise<Rule | undefined> {
  const own = db.select({ id: alerts.ruleId }).from(alerts).where(eq(alerts.id, alertId));
  const [row] = await db
    .select(columns)
    .from(rules)
    .where(and(inArray(rules.id, own), isNull(rules.deletedAt)));
  return row && ruleOf(row);
}

/** The rules with these ids that are not deleted, in no order. */
export async function rulesNamed(db: Reader, ids: string[]): Promise<Rule[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select(columns)
    .from(rules)
    .where(and(inArray(rules.id, ids), isNull(rules.deletedAt)));
  return rows.map(ruleOf);
}

/** The rules of these owners, oldest first. */
export async function rulesOf(db: Reader, ownerIds: string[]): Promise<Rule[]> {
  if (ownerIds.length === 0) return [];
  const rows = await db
    .select(columns)
    .from(rules)
    .where(and(inArray(rules.ownerId, ownerIds), isNull(rules.deletedAt)))
    .orderBy(rules.createdAt, rules.id);
  return rows.map(ruleOf);
}

/** The rules that tell one of these receivers, whoever made them. */
export async function rulesNaming(db: Reader, receiverIds: string[]): Promise<Rule[]> {
  if (receiverIds.length === 0) return [];
  const named = receiverIds.map(
    (id) => sql`strpos(concat(${rules.to}::text, ${rules.options}::text), ${`"${id}"`}) > 0`,
  );
  const rows = await db
    .select(columns)
    .from(rules)
    .where(and(or(...named), isNull(rules.deletedAt)))
    .orderBy(rules.createdAt, rules.id);
  return rows.map(ruleOf);
}

/**
 * Writes a new rule or the new form of one, and counts the change. Call it before locking alerts: it waits for running
 * evaluations. What the rule remembered is forgotten as `forgottenBy` says; when that is everything, whoever calls
 * withdraws the open alerts. A kind that `begins` is due at once for the one key that the conditions name.
 */
export async function saveRule(
  tx: Tx,
  rule: Omit<Rule, 'version'>,
  createdBy: string,
  now: number,
): Promise<Rule> {
  const version = await countChange(tx);
  const before = await findRule(tx, rule.id);
  const ground = await groundFor(tx, rule);
  const row = rowOf({ ...rule, version }, ground);
  await tx
    .insert(rules)
    .values({ ...row, createdBy, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({ target: rules.id, set: { ...row, updatedAt: now, deletedAt: null } });
  const forgotten = before ? forgottenBy(before, rule) : 'nothing';
  if (forgotten === 'everything') await dropStates(tx, [rule.id]);
  if (forgotten === 'memory') await resetStates(tx, [rule.id]);
  // Whoever waits for what does not come waits anew from now, not from when the old time runs out.
  if (forgotten === 'memory' && rule.begins) await lookAgain(tx, rule.id, now);
  if (before && !sameJson(before.bands ?? [], rule.bands ?? [])) await lookAgain(tx, rule.id, now);
  const sole = rule.begins && !rule.paused ? soleKey(rule) : undefined;
  if (sole !== undefined) await beginState(tx, rule.id, sole, now);
  return ruleOf(row);
}

/** A rule whose owner's settings give it something else now. */
export interface Grounded {
  before: Rule;
  after: Rule;
}

/**
 * Gives the owner's rules their zone and lists anew; those that change count as edited and are returned. Call it before
 * locking alerts, and after the settings were written: whoever saves a rule meanwhile reads them before or is read here,
 * never neither.
 */
export async function groundRules(tx: Tx, ownerId: string, now: number): Promise<Grounded[]> {
  await stopEvaluations(tx);
  const { zone } = await groundFor(tx, { ownerId, match: [] });
  const may = sql`(${rules.ground}->>'zone' is distinct from ${zone ?? null} or ${asksForLists})`;
  const all = await rulesWhere(tx, ownerId, may);
  const grounds = await groundsFor(tx, all);
  const changed = all.flatMap((before, i) => {
    const ground = grounds[i]!;
    return sameJson(ground, rowOf(before, before).ground) ? [] : [{ before, ground }];
  });
  if (changed.length === 0) return [];
  const version = await countChange(tx);
  const given = JSON.stringify(changed.map(({ before: { id }, ground }) => ({ id, ground })));
  await tx.execute(sql`update ${rules} r set ground = v.ground, version = ${version}
    from json_to_recordset(${given}::text::json) as v(id text, ground jsonb) where r.id = v.id`);
  // Hours of the week, and schedules of what is missed, are others in another zone.
  for (const { before, ground } of changed)
    if ((before.bands || before.begins) && ground.zone !== before.zone) await lookAgain(tx, before.id, now);
  return changed.map(({ before, ground }) => ({
    before,
    after: ruleOf({ ...rowOf(before, before), ground, version }),
  }));
}

/** The owner's rules that ask for any list, oldest first. */
export function rulesWithLists(db: Reader, ownerId: string): Promise<Rule[]> {
  return rulesWhere(db, ownerId, asksForLists);
}

// One owner may have very many rules, and few of them ask for lists.
const asksForLists = sql`${rules.match}::text like '%"list"%'`;

async function rulesWhere(db: Reader, ownerId: string, what: SQL): Promise<Rule[]> {
  const rows = await db
    .select(columns)
    .from(rules)
    .where(and(eq(rules.ownerId, ownerId), isNull(rules.deletedAt), what))
    .orderBy(rules.createdAt, rules.id);
  return rows.map(ruleOf);
}

/** Marks the rule as deleted and forgets what its kind remembers; false when there is none. Call it before locking alerts. */
export async function removeRule(tx: Tx, id: string, now: number): Promise<boolean> {
  const version = await countChange(tx);
  const gone = await tx
    .update(rules)
    .set({ deletedAt: now, updatedAt: now, version })
    .where(and(eq(rules.id, id), isNull(rules.deletedAt)))
    .returning({ id: rules.id });
  await dropStates(tx, [id]);
  return gone.length > 0;
}

/** Counts one change, once nobody evaluates any more; nobody begins to until the transaction ends. */
export async function countChange(tx: Tx): Promise<number> {
  await stopEvaluations(tx);
  const [row] = await tx
    .insert(markers)
    .values({ name: 'rules', value: 1 })
    .onConflictDoUpdate({ target: markers.name, set: { value: sql`${markers.value} + 1` } })
    .returning({ value: markers.value });
  return row!.value;
}

/** Waits until nobody evaluates; nobody begins to until the transaction ends. */
export async function stopEvaluations(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${lockNumber})`);
}

/** What makes a rule of a row. */
export const columns = {
  id: rules.id,
  ownerId: rules.ownerId,
  name: rules.name,
  topic: rules.topic,
  match: rules.match,
  kind: rules.kind,
  params: rules.params,
  key: rules.key,
  forMs: rules.forMs,
  keepFiringForMs: rules.keepFiringForMs,
  severity: rules.severity,
  paused: rules.paused,
  to: rules.to,
  options: rules.options,
  ground: rules.ground,
  version: rules.version,
};
