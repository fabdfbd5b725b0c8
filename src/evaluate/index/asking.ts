// What the index needs to know of a rule, and where that puts it: behind which doors and gate, and what is left to try.
import { type Condition, isMatcher, type Lists } from '#core/condition.ts';
import { numberLimit } from '#core/matcher.ts';
import { own } from '#core/own.ts';
import type { Gate } from '../kind.ts';
import type { AnyGate } from './gate.ts';

/** A rule as the index sees it. */
export interface Asking {
  id: string;
  topic: string;
  match: Condition[];
  /** The owner's lists that the conditions name. */
  lists?: Lists | undefined;
  /** The fields of its key. */
  key: string[];
  /** Only numbers beyond this can change anything while nothing is remembered for the event's key. */
  wakes?: Gate | undefined;
}

export interface Place {
  /** The rule is found by one of these values of the field. */
  door: { field: string; values: readonly string[] } | undefined;
  gate: AnyGate | undefined;
  /** Whether the gate is the kind's: events that do not pass it matter once something is remembered. */
  sleeps: boolean;
  /** The condition that the gate answers, if it is one. */
  compared: Condition | undefined;
  /** What neither door nor gate answers. */
  rest: Condition[];
}

// A longer list costs more as doors than it saves.
const mostDoors = 100;

/** Where a rule stands. The same rule always stands in the same place. */
export function placeOf({ match, lists, wakes }: Asking): Place {
  const equal = match.filter((one) => isMatcher(one) && one.op === '=');
  // The subject tells events apart best; among other fields the first one named is as good as any.
  const chosen =
    equal.find((one) => 'field' in one && one.field === 'subject') ??
    equal[0] ??
    match.find((one) => 'list' in one && one.op === 'in' && itemsOf(one.list, lists).length <= mostDoors);
  const compared = wakes ? undefined : match.find((one) => one !== chosen && gateOf(one) !== undefined);
  return {
    door: chosen && doorOf(chosen, lists),
    gate: wakes ?? (compared && gateOf(compared)),
    sleeps: wakes !== undefined,
    compared,
    rest: match.filter((one) => one !== chosen && one !== compared),
  };
}

function doorOf(condition: Condition, lists: Lists | undefined): Place['door'] {
  if ('list' in condition)
    return { field: condition.field, values: [...new Set(itemsOf(condition.list, lists))] };
  return isMatcher(condition) ? { field: condition.field, values: [condition.value] } : undefined;
}

function itemsOf(list: string, lists: Lists | undefined): readonly string[] {
  return own(lists, list) ?? [];
}

function gateOf(condition: Condition): AnyGate | undefined {
  if (!isMatcher(condition)) return undefined;
  const { field, op } = condition;
  if (op === '=') return { field, op, value: condition.value };
  const limit = numberLimit(condition);
  if ((op !== '>' && op !== '>=' && op !== '<' && op !== '<=') || limit === undefined) return undefined;
  return { field, op, limit };
}
