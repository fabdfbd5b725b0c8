// A gate as one number: which field it looks at, how it compares, whether the rule sleeps behind it and what else is to try.
import type { Gate } from '../kind.ts';

/** What a rule's condition or kind lets through: numbers beyond a limit, or one text. */
export type AnyGate = Gate | { field: string; op: '='; value: string };

const operators = ['>', '>=', '<', '<=', '='] as const;
const sleepsBit = 1;
const restBit = 16;

/** A rule's gate; `field`: its number, 0 for a rule without a gate. */
export function gateNumber(field: number, op: AnyGate['op'], sleeps: boolean, rest: boolean): number {
  return (field << 5) | (operators.indexOf(op) << 1) | (sleeps ? sleepsBit : 0) | (rest ? restBit : 0);
}

/** The number of the gate's field; 0: there is no gate. */
export function fieldOf(gate: number): number {
  return gate >>> 5;
}

/** Whether the rule sleeps behind it. */
export function sleeps(gate: number): boolean {
  return (gate & sleepsBit) !== 0;
}

/** Whether more is to try on what passes. */
export function hasRest(gate: number): boolean {
  return (gate & restBit) !== 0;
}

/** Whether it lets one text through, by the text's number. */
export function isEqual(gate: number): boolean {
  return (gate & 8) !== 0;
}

/** Whether it lets numbers above the limit through, not those below; of a gate that compares numbers. */
export function isAbove(gate: number): boolean {
  return (gate & 4) === 0;
}

/** Whether it lets the limit itself through; of a gate that compares numbers. */
export function orEqual(gate: number): boolean {
  return (gate & 2) !== 0;
}

/** Whether a number passes a gate that compares numbers; NaN passes none. */
export function opens(gate: number, limit: number, value: number): boolean {
  switch ((gate >> 1) & 3) {
    case 0:
      return value > limit;
    case 1:
      return value >= limit;
    case 2:
      return value < limit;
    default:
      return value <= limit;
  }
}
