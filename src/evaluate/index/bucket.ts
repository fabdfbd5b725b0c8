// The rules under one topic pattern: behind doors (a field that equals a value), or open to every event.
import { asText, readField } from '#core/field.ts';
import type { Asking, Place } from './asking.ts';
import { type Group, type Question, withoutSlot, withSlot } from './group.ts';
import type { Slots } from './slots.ts';

/** The fields of a key under which rules sleep, and how many of them. */
interface Sleepers {
  key: string[];
  count: number;
}

// Each costs every event a key; rules with rarer keys are asked about every event instead.
const mostKeys = 16;

export class Bucket<T> {
  size = 0;
  /** The fields of doors, and under the same number the rules of each value. */
  private readonly fields: string[] = [];
  private readonly values: Map<string, Group>[] = [];
  private open: Group | undefined;
  private sleepers: Map<string, Sleepers> | undefined;
  private readonly slots: Slots<T>;

  constructor(slots: Slots<T>) {
    this.slots = slots;
  }

  /** Whether a rule with this key may sleep here. */
  maySleep(key: string[]): boolean {
    const known = this.sleepers;
    return known === undefined || known.size < mostKeys || known.has(nameOf(key));
  }

  add(slot: number, { key }: Asking, { door }: Place): void {
    this.size++;
    this.count(slot, key, 1);
    if (!door) {
      this.open = withSlot(this.open, slot, this.slots);
      return;
    }
    let at = this.fields.indexOf(door.field);
    if (at < 0) {
      at = this.fields.push(door.field) - 1;
      this.values.push(new Map());
    }
    const values = this.values[at]!;
    for (const value of door.values) values.set(value, withSlot(values.get(value), slot, this.slots));
  }

  /** Takes a rule out, by the same place at which it came in. */
  remove(slot: number, { key }: Asking, { door }: Place): void {
    this.size--;
    this.count(slot, key, -1);
    if (!door) {
      if (this.open !== undefined) this.open = withoutSlot(this.open, slot, this.slots);
      return;
    }
    const at = this.fields.indexOf(door.field);
    const values = this.values[at];
    if (!values) return;
    for (const value of door.values) {
      const group = values.get(value);
      const left = group === undefined ? undefined : withoutSlot(group, slot, this.slots);
      if (left === undefined) values.delete(value);
      else values.set(value, left);
    }
    if (values.size > 0) return;
    this.fields.splice(at, 1);
    this.values.splice(at, 1);
  }

  /** Finds the rules whose door and gate are open, and adds the keys under which others sleep. */
  collect(question: Question<T>): void {
    if (this.open !== undefined) question.visit(this.open);
    for (let i = 0; i < this.fields.length; i++) {
      // As in core/matcher.ts: a missing field equals the empty text.
      const group = this.values[i]!.get(asText(readField(question.event, this.fields[i]!)) ?? '');
      if (group !== undefined) question.visit(group);
    }
    if (this.sleepers) for (const { key } of this.sleepers.values()) question.sleeping.push(key);
  }

  private count(slot: number, key: string[], by: 1 | -1): void {
    if ((this.slots.gate(slot) & 1) === 0) return;
    this.sleepers ??= new Map();
    const name = nameOf(key);
    const there = this.sleepers.get(name) ?? { key, count: 0 };
    there.count += by;
    if (there.count > 0) this.sleepers.set(name, there);
    else this.sleepers.delete(name);
  }
}

function nameOf(key: string[]): string {
  return key.join('\n');
}
