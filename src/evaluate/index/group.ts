// Rules behind one door: a single one, a few in a list, or many in order of their limits.
import type { NewEvent } from '#core/event.ts';
import { readNumber } from '#core/field.ts';
import { opens, readGate, type Slots } from './slots.ts';
import { SortedSlots } from './sorted-slots.ts';

export type Group = number | number[] | WideGroup;

/** Gate → its rules in order of the limit; those without a gate under 0. */
type WideGroup = Map<number, SortedSlots>;

const mostInList = 16;

/** One question after another to the index: what the event's numbers are, and what was found so far. */
export class Question<T> {
  /** Grows with every question. */
  private number = 0;
  event: NewEvent = nothing;
  found: T[] = [];
  /** Fields of keys under which rules sleep that might be asked; one perhaps twice. */
  sleeping: string[][] = [];
  private readonly slots: Slots<T>;
  /** By field of a gate: the event's number, and which question found that out. */
  private values = new Float64Array(16);
  private readAt = new Float64Array(16);
  private readonly range: number[] = [];

  constructor(slots: Slots<T>) {
    this.slots = slots;
  }

  /** Begins anew. */
  about(event: NewEvent): void {
    this.number++;
    this.event = event;
    this.found = [];
    this.sleeping = [];
  }

  /** Finds the rules of a group whose gate opens and for which nothing else is left to try, or that pass it. */
  visit(group: Group): void {
    if (typeof group === 'number') this.tryOne(group);
    else if (Array.isArray(group)) for (let i = 0; i < group.length; i++) this.tryOne(group[i]!);
    else for (const [gate, sorted] of group) this.tryRange(gate, sorted);
  }

  private tryOne(slot: number): void {
    const { slots } = this;
    const gate = slots.gate(slot);
    if (gate !== 0 && !opens(gate, slots.limit(slot), this.valueOf((gate >> 3) - 1))) return;
    if (slots.passes(slot, this.event)) this.found.push(slots.item(slot));
  }

  private tryRange(gate: number, sorted: SortedSlots): void {
    const { range, slots } = this;
    range.length = 0;
    if (gate === 0) sorted.all(range);
    else this.inRange(gate, sorted);
    for (let i = 0; i < range.length; i++)
      if (slots.passes(range[i]!, this.event)) this.found.push(slots.item(range[i]!));
  }

  private inRange(gate: number, sorted: SortedSlots): void {
    const { field, op } = readGate(gate);
    const value = this.valueOf(field);
    if (Number.isNaN(value)) return;
    const orEqual = op.length === 2;
    if (op[0] === '>') sorted.below(value, orEqual, this.range);
    else sorted.above(value, orEqual, this.range);
  }

  /** The event's number in a field that gates look at; NaN: none. */
  private valueOf(field: number): number {
    if (field >= this.values.length) this.widen(field);
    if (this.readAt[field] !== this.number) {
      this.values[field] = readNumber(this.event, this.slots.fields[field]!) ?? Number.NaN;
      this.readAt[field] = this.number;
    }
    return this.values[field]!;
  }

  private widen(field: number): void {
    const room = 2 ** Math.ceil(Math.log2(field + 1));
    this.values = new Float64Array(room);
    this.readAt = new Float64Array(room);
  }
}

const nothing: NewEvent = { source: '', type: '', subject: '', data: {}, labels: {} };

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
