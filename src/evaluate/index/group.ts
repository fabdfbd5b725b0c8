// Rules behind one door: a single one, a few in a list, or many in order of their limits.
import type { NewEvent } from '#core/event.ts';
import { readNumber } from '#core/field.ts';
import { opens, readGate, type Slots } from './slots.ts';
import { SortedSlots } from './sorted-slots.ts';

export type Group = number | number[] | WideGroup;

/** Gate → its rules in order of the limit; those without a gate under 0. */
type WideGroup = Map<number, SortedSlots>;

const mostInList = 48;

/** One question to the index: what the event's numbers are, and what was found so far. */
export class Question<T> {
  readonly found: number[] = [];
  readonly event: NewEvent;
  private readonly slots: Slots<T>;
  private readonly numbers = new Map<number, number>();

  constructor(slots: Slots<T>, event: NewEvent) {
    this.slots = slots;
    this.event = event;
  }

  /** The event's number in a field that gates look at; NaN: none. */
  number(field: number): number {
    const known = this.numbers.get(field);
    if (known !== undefined) return known;
    const value = readNumber(this.event, this.slots.fields[field]!) ?? Number.NaN;
    this.numbers.set(field, value);
    return value;
  }

  /** Finds the rules of a group whose gate opens. */
  visit(group: Group): void {
    if (typeof group === 'number') this.tryOne(group);
    else if (Array.isArray(group)) for (const slot of group) this.tryOne(slot);
    else for (const [gate, sorted] of group) this.range(gate, sorted);
  }

  private tryOne(slot: number): void {
    const gate = this.slots.gate(slot);
    if (gate === 0 || opens(gate, this.slots.limit(slot), this.number((gate >> 3) - 1)))
      this.found.push(slot);
  }

  private range(gate: number, sorted: SortedSlots): void {
    if (gate === 0) {
      sorted.all(this.found);
      return;
    }
    const { field, op } = readGate(gate);
    const value = this.number(field);
    if (Number.isNaN(value)) return;
    const orEqual = op.length === 2;
    if (op[0] === '>') sorted.below(value, orEqual, this.found);
    else sorted.above(value, orEqual, this.found);
  }
}

/** The group with one more rule. */
export function withSlot<T>(group: Group | undefined, slot: number, slots: Slots<T>): Group {
  if (group === undefined) return slot;
  if (typeof group === 'number') return [group, slot];
  if (!Array.isArray(group)) {
    addSorted(group, slot, slots);
    return group;
  }
  group.push(slot);
  if (group.length <= mostInList) return group;
  const wide: WideGroup = new Map();
  for (const one of group) addSorted(wide, one, slots);
  return wide;
}

/** The group without the rule; undefined when nothing is left. */
export function withoutSlot<T>(group: Group, slot: number, slots: Slots<T>): Group | undefined {
  if (typeof group === 'number') return group === slot ? undefined : group;
  if (Array.isArray(group)) {
    const at = group.indexOf(slot);
    const last = group.pop()!;
    if (at >= 0 && at < group.length) group[at] = last;
    return group.length === 1 ? group[0]! : group;
  }
  const gate = slots.gate(slot);
  const sorted = group.get(gate);
  sorted?.remove(slots.limit(slot), slot);
  if (sorted?.size === 0) group.delete(gate);
  return group.size === 0 ? undefined : group;
}

function addSorted<T>(wide: WideGroup, slot: number, slots: Slots<T>): void {
  const gate = slots.gate(slot);
  let sorted = wide.get(gate);
  if (!sorted) {
    sorted = new SortedSlots();
    wide.set(gate, sorted);
  }
  sorted.add(slots.limit(slot), slot);
}
