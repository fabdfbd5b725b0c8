// The rules of an index by number (slot): flat columns instead of an object each, and the way from an id to its slot.
import { type Condition, holds, type Lists } from '#core/condition.ts';
import type { NewEvent } from '#core/event.ts';
import { type AnyGate, fieldOf, gateNumber, isEqual } from './gate.ts';
import { Names } from './names.ts';
import { Records } from './records.ts';

/** How the index reads what it holds. */
export interface Form<T, A> {
  idOf(item: T): string;
  asking(item: T): A;
}

/** What is left to try, as one condition, with the lists that it names. */
type Rest = Condition | { left: Condition; lists: Lists };

export class Slots<T> {
  size = 0;
  /** The fields that doors and gates look at, and the values that open them. */
  readonly fields = new Names();
  readonly values = new Names();
  /** Limit, gate and the hash of the id. The limit of a gate for one text is the text's number. */
  readonly records = new Records();
  private items: (T | undefined)[] = [];
  private rests: (Rest | undefined)[] = [];
  private readonly free: number[] = [];
  /** Open addressing by the id's hash: slot + 1, or 0. */
  private table = new Int32Array(32);
  private readonly idOf: (item: T) => string;

  constructor(idOf: (item: T) => string) {
    this.idOf = idOf;
  }

  /** The slot of this id, or -1. */
  find(id: string): number {
    const place = this.placeOf(id, hashOf(id));
    return this.table[place]! - 1;
  }

  item(slot: number): T {
    return this.items[slot]!;
  }

  /** A slot for an item whose id, this one, has none yet. */
  add(
    id: string,
    item: T,
    rest: Condition[],
    lists: Lists | undefined,
    gate: AnyGate | undefined,
    sleeps: boolean,
  ): number {
    const slot = this.free.pop() ?? this.items.length;
    this.records.reserve(slot + 1);
    const hash = hashOf(id);
    this.items[slot] = item;
    this.rests[slot] = restOf(rest, lists);
    this.records.set(slot, this.limitOf(gate), this.numberOf(gate, sleeps, rest.length > 0), hash);
    this.size++;
    if (this.size * 2 > this.table.length) this.rehash(this.table.length * 2);
    this.table[this.placeOf(id, hash)] = slot + 1;
    return slot;
  }

  /** Puts another item of the same rule in the place of each. */
  replace(by: (item: T) => T): void {
    for (const [slot, item] of this.items.entries()) if (item !== undefined) this.items[slot] = by(item);
  }

  remove(slot: number): void {
    const { records } = this;
    const gate = records.gate(slot);
    this.close(this.placeOf(this.idOf(this.items[slot]!), records.other(slot)));
    if (fieldOf(gate) !== 0) this.fields.give(fieldOf(gate));
    if (isEqual(gate)) this.values.give(records.limit(slot));
    this.items[slot] = undefined;
    this.rests[slot] = undefined;
    this.free.push(slot);
    this.size--;
  }

  /** Whether what neither door nor gate answers holds. */
  passes(slot: number, event: NewEvent): boolean {
    const rest = this.rests[slot];
    if (rest === undefined) return true;
    return 'left' in rest ? holds(rest.left, event, rest.lists) : holds(rest, event);
  }

  private limitOf(gate: AnyGate | undefined): number {
    if (gate === undefined) return 0;
    return gate.op === '=' ? this.values.take(gate.value) : gate.limit;
  }

  private numberOf(gate: AnyGate | undefined, sleeps: boolean, rest: boolean): number {
    return gate === undefined
      ? gateNumber(0, '>', false, rest)
      : gateNumber(this.fields.take(gate.field), gate.op, sleeps, rest);
  }

  private placeOf(id: string, hash: number): number {
    const mask = this.table.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const slot = this.table[place]! - 1;
      if (slot < 0 || (this.records.other(slot) === hash && this.idOf(this.items[slot]!) === id))
        return place;
    }
  }

  // What stands after the gap moves up, so that no search ends too early.
  private close(gap: number): void {
    const mask = this.table.length - 1;
    let hole = gap;
    for (let place = (gap + 1) & mask; this.table[place] !== 0; place = (place + 1) & mask) {
      const home = this.records.other(this.table[place]! - 1) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      this.table[hole] = this.table[place]!;
      hole = place;
    }
    this.table[hole] = 0;
  }

  private rehash(room: number): void {
    const old = this.table;
    this.table = new Int32Array(room);
    const mask = room - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      let place = this.records.other(entry - 1) & mask;
      while (this.table[place] !== 0) place = (place + 1) & mask;
      this.table[place] = entry;
    }
  }
}

function restOf(rest: Condition[], lists: Lists | undefined): Rest | undefined {
  if (rest.length === 0) return undefined;
  const left = rest.length === 1 ? rest[0]! : { all: rest };
  return lists === undefined ? left : { left, lists };
}

// FNV-1a; ids are made by us, so nobody chooses them to collide.
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
