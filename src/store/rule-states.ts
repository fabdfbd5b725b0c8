// What rules remember between events: one row for each rule and key that ever mattered.
import { and, eq, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Json } from '#core/json.ts';
import { at } from './at.ts';
import type { Tx } from './connection.ts';
import { alerts } from './schema/alerts.ts';
import { ruleStates } from './schema/rules.ts';

/** Instants are epoch milliseconds. */
export interface RuleState {
  ruleId: string;
  key: string;
  /** The kind's own memory; null: none. */
  state: Json;
  met: boolean;
  lastTime: number | null;
  dueAt: number | null;
  /** When it became met, for rules that mind flapping. */
  firings: number[] | null;
}

/** A rule and what separates its alerts. */
export interface RuleKey {
  ruleId: string;
  key: string;
}

/**
 * The rows of these rules and keys, and every rule's for each of `keys`, locked, always in the same order; those never
 * written are absent.
 */
export async function lockStates(tx: Tx, wanted: RuleKey[], keys: string[] = []): Promise<RuleState[]> {
  if (wanted.length === 0 && keys.length === 0) return [];
  const found = await tx
    .select({ row: ruleStates })
    .from(pairsNamed(wanted, keys, sql`${ruleStates} s on s.key collate "C" = w.key`))
    .innerJoin(ruleStates, sql`p.rule_id = ${ruleStates.ruleId} and p.key = ${ruleStates.key}`)
    .orderBy(ruleStates.ruleId, ruleStates.key)
    .for('update', { of: ruleStates });
  return found.map(({ row }) => row);
}

/** These pairs, and those that `found` (a join with `w.key`, as `s`) has for the keys; as `p`, each once. */
export function pairsNamed(wanted: RuleKey[], keys: string[], found: SQL): SQL {
  const pairs = JSON.stringify(wanted.map(({ ruleId, key }) => ({ rule_id: ruleId, key })));
  return sql`(select v.rule_id, v.key from json_to_recordset(${pairs}::text::json) as v(rule_id text, key text)
    union select s.rule_id, s.key from json_array_elements_text(${JSON.stringify(keys)}::text::json) as w(key)
      join ${found}) p`;
}

/** States whose time has come, after a place in their order, locked; what others hold is left to them. */
export async function lockDueStates(
  tx: Tx,
  after: Pick<RuleState, 'ruleId' | 'key' | 'dueAt'> | undefined,
  limit: number,
  now: number,
): Promise<RuleState[]> {
  const place = after
    ? sql`and (${ruleStates.dueAt}, ${ruleStates.ruleId}, ${ruleStates.key}) >
        (${at(after.dueAt!)}, ${after.ruleId}, ${after.key})`
    : sql``;
  return tx
    .select()
    .from(ruleStates)
    .where(sql`${ruleStates.dueAt} <= ${at(now)} ${place}`)
    .orderBy(ruleStates.dueAt, ruleStates.ruleId, ruleStates.key)
    .limit(limit)
    .for('update', { skipLocked: true });
}

/** A timer that runs out at once, for a key without a memory: the kind begins to wait. */
export async function beginState(tx: Tx, ruleId: string, key: string, now: number): Promise<void> {
  await tx
    .insert(ruleStates)
    .values({ ruleId, key, state: null, met: false, lastTime: null, dueAt: now })
    .onConflictDoUpdate({
      target: [ruleStates.ruleId, ruleStates.key],
      set: { dueAt: now },
      setWhere: isNull(ruleStates.state),
    });
}

/** Forgets what the kind remembered; timers of its alerts stay. */
export async function resetStates(tx: Tx, ruleIds: string[]): Promise<void> {
  if (ruleIds.length === 0) return;
  await tx.update(ruleStates).set({ state: null, met: false }).where(inArray(ruleStates.ruleId, ruleIds));
}

/** Looks again now at whatever waits or burns: its hours are others. */
export async function lookAgain(tx: Tx, ruleId: string, now: number): Promise<void> {
  await tx.execute(sql`update ${ruleStates} s set due_at = ${at(now)} where rule_id = ${ruleId}
    and (due_at is not null or exists (select 1 from ${alerts} a
      where a.rule_id = s.rule_id and a.key = s.key and a.status <> 'resolved'))`);
}

/** Forgets everything about the rules' keys. */
export async function dropStates(tx: Tx, ruleIds: string[]): Promise<void> {
  if (ruleIds.length === 0) return;
  await tx.delete(ruleStates).where(inArray(ruleStates.ruleId, ruleIds));
}

/** The keys of a rule for which time alone will change something. */
export async function keysWaiting(tx: Tx, ruleId: string): Promise<string[]> {
  const rows = await tx
    .select({ key: ruleStates.key })
    .from(ruleStates)
    .where(and(eq(ruleStates.ruleId, ruleId), isNotNull(ruleStates.dueAt)));
  return rows.map(({ key }) => key);
}

/** Forgets everything about some keys of a rule. */
export async function dropKeys(tx: Tx, ruleId: string, keys: string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.delete(ruleStates).where(and(eq(ruleStates.ruleId, ruleId), inArray(ruleStates.key, keys)));
}

/** Rows as one text, in their order; `stateRecords` reads them. */
export function statesText(rows: RuleState[]): string {
  return JSON.stringify(
    rows.toSorted(byRuleAndKey).map(({ ruleId, key, state, met, lastTime, dueAt, firings }) => ({
      rule_id: ruleId,
      key,
      state,
      met,
      last_time: lastTime === null ? null : iso(lastTime),
      due_at: dueAt === null ? null : iso(dueAt),
      firings,
    })),
  );
}

/** Selects the rows of `statesText`: one parameter however many there are. */
export function stateRecords(parameter: string): string {
  return `select v.rule_id, v.key, nullif(v.state, 'null'::jsonb) as state, v.met, v.last_time, v.due_at,
      nullif(v.firings, 'null'::jsonb) as firings
    from json_to_recordset(${parameter}::text::json)
    as v(rule_id text, key text, state jsonb, met boolean, last_time timestamptz, due_at timestamptz, firings jsonb)`;
}

/** The order in which rows are locked and written. */
export function byRuleAndKey(a: { ruleId: string; key: string }, b: { ruleId: string; key: string }): number {
  if (a.ruleId !== b.ruleId) return a.ruleId < b.ruleId ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
