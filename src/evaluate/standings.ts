// Standings between the ledger and the pure steps: loaded and locked together, written when they changed.
import type { Alert } from '#core/alert.ts';
import { sameJson } from '#core/json.ts';
import type { Evaluated } from '#store/changes-written.ts';
import type { Tx } from '#store/connection.ts';
import { lockOpenAlerts } from '#store/find-alerts.ts';
import { lockStates, type RuleKey, type RuleState } from '#store/rule-states.ts';
import { together } from '#store/together.ts';
import { freshStanding, isFresh, type Standing, sameMemory } from './evaluate.ts';

/** One rule and key within a transaction. */
export interface Held {
  ruleId: string;
  standing: Standing;
  /** As the ledger has it; undefined: no row. */
  stored: Standing | undefined;
}

export type Holding = Map<string, Held>;

/** Locks and loads how these rules stand for their keys, and whatever remembers something for one of `keys`. */
export async function holdStandings(tx: Tx, wanted: RuleKey[], keys: string[] = []): Promise<Holding> {
  const pairs = new Map(wanted.map((pair) => [nameOf(pair.ruleId, pair.key), pair]));
  const [rows, alerts] = await together([
    lockStates(tx, [...pairs.values()], keys),
    // Also where no row is: an open alert is found again whatever became of the memory beside it.
    openAlerts(tx, [...pairs.values()], keys),
  ]);
  const holding: Holding = new Map();
  for (const row of rows) {
    const name = nameOf(row.ruleId, row.key);
    holding.set(name, heldRow(row, alerts.get(name)));
  }
  for (const [name, { ruleId, key }] of [...pairs, ...alerts]) {
    if (holding.has(name)) continue;
    const alert = alerts.get(name);
    const standing = { ...freshStanding(key), alert, dueAt: alert?.dueAt ?? null };
    holding.set(name, { ruleId, standing, stored: undefined });
  }
  return holding;
}

/** Which rules remember something for which keys. */
export function* remembered(holding: Holding): Generator<RuleKey> {
  for (const { ruleId, standing, stored } of holding.values())
    if (stored || standing.alert) yield { ruleId, key: standing.key };
}

/** The standings of rows that are already locked, each with its open alert, locked too. */
export async function withAlerts(tx: Tx, rows: RuleState[]): Promise<Held[]> {
  const alerts = await openAlerts(tx, rows);
  return rows.map((row) => heldRow(row, alerts.get(nameOf(row.ruleId, row.key))));
}

async function openAlerts(tx: Tx, pairs: RuleKey[], keys: string[] = []): Promise<Map<string, Alert>> {
  const found = await lockOpenAlerts(tx, pairs, keys);
  return new Map(found.map((alert) => [nameOf(alert.ruleId, alert.key), alert]));
}

function heldRow({ ruleId, ...row }: RuleState, alert: Alert | undefined): Held {
  const standing: Standing = { ...row, alert };
  return { ruleId, standing, stored: standing };
}

/** The standing of a rule and key that is held. */
export function heldOf(holding: Holding, ruleId: string, key: string): Held {
  const held = holding.get(nameOf(ruleId, key));
  if (!held) throw new Error(`rule ${ruleId} was not loaded with its key`);
  return held;
}

/** What is to be written of them: only what changed. */
export function changedStates(all: Iterable<Held>): Pick<Evaluated, 'added' | 'updated'> {
  const added: RuleState[] = [];
  const updated: RuleState[] = [];
  for (const { ruleId, standing, stored } of all) {
    if (stored ? sameRow(stored, standing) : isFresh(standing)) continue;
    const { key, state, met, lastTime, dueAt, firings = null } = standing;
    (stored ? updated : added).push({ ruleId, key, state, met, lastTime, dueAt, firings });
  }
  return { added, updated };
}

function sameRow(a: Standing, b: Standing): boolean {
  return (
    a === b || (a.lastTime === b.lastTime && sameJson(a.firings ?? [], b.firings ?? []) && sameMemory(a, b))
  );
}

function nameOf(ruleId: string, key: string): string {
  return `${ruleId} ${key}`;
}
