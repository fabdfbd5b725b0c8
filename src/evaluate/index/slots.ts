// The rules of an index by number (slot): flat columns instead of an object each, and the way from an id to its slot.
import { type Condition, holds, type Lists } from '#core/condition.ts';
import type { NewEvent } from '#core/event.ts';
import type { Gate } from '../kind.ts';

/** How the index reads what it holds. */
export interface Form<T, A> {
  idOf(item: T): string;
  asking(item: T): A;
}

/** What is left to try, as one condition, with the lists that it names. */
type Rest = Condition | { left: Condition; lists: Lists };

const operators = ['>', '>=', '<', '<='] as const;
// Fields are numbered for good; what comes after that many is not worth a gate.
const mostFields = 10_000;

export class Slots<T> {
  size = 0;
  /** The fields that gates look at, by number. */
  readonly fields: string[] = [];
  private items: (T | undefined)[] = [];
  private rests: (Rest | undefined)[] = [];
  private limits = new Float64Array(16);
  /** 0: no gate; otherwise field, operator and whether the rule sleeps behind it, in one number. */
  private gates = new Int32Array(16);
  private hashes = new Int32Array(16);
  private readonly free: number[] = [];
  private readonly fieldNumbers = new Map<string, number>();
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

  /** A slot for an item whose id has none yet. */
  add(item: T, rest: Condition[], lists: Lists | undefined, gate: Gate | undefined, sleeps: boolean): number {
    const slot = this.free.pop() ?? this.items.length;
    if (slot >= this.limits.length) this.widen();
    const id = this.idOf(item);
    this.items[slot] = item;
    this.rests[slot] = restOf(rest, lists);
    this.gates[slot] = gate ? this.gateNumber(gate, sleeps) : 0;
    this.limits[slot] = gate?.limit ?? 0;
    this.hashes[slot] = hashOf(id);
    this.size++;
    if (this.size * 2 > this.table.length) this.rehash(this.table.length * 2);
    this.table[this.placeOf(id, this.hashes[slot]!)] = slot + 1;
    return slot;
  }

  remove(slot: number): void {
    this.close(this.placeOf(this.idOf(this.items[slot]!), this.hashes[slot]!));
    this.items[slot] = undefined;
    this.rests[slot] = undefined;
    this.free.push(slot);
    this.size--;
  }

  gate(slot: number): number {
    return this.gates[slot]!;
  }

  limit(slot: number): number {
    return this.limits[slot]!;
  }

  /** Whether what neither door nor gate answers holds. */
  passes(slot: number, event: NewEvent): boolean {
    const rest = this.rests[slot];
    if (rest === undefined) return true;
    return 'left' in rest ? holds(rest.left, event, rest.lists) : holds(rest, event);
  }

  private gateNumber({ field, op }: Gate, sleeps: boolean): number {
    let number = this.fieldNumbers.get(field);
    if (number === undefined) {
      number = this.fields.length;
      this.fields.push(field);
      this.fieldNumbers.set(field, number);
    }
    return ((number + 1) << 3) | (operators.indexOf(op) << 1) | (sleeps ? 1 : 0);
  }

  /** Whether one more rule may have a gate on this field. */
  mayGate(field: string): boolean {
    return this.fieldNumbers.has(field) || this.fields.length < mostFields;
  }

  private placeOf(id: string, hash: number): number {
    const mask = this.table.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const slot = this.table[place]! - 1;
      if (slot < 0 || (this.hashes[slot] === hash && this.idOf(this.items[slot]!) === id)) return place;
    }
  }

  // What stands after the gap moves up, so that no search ends too early.
  private close(gap: number): void {
    const mask = this.table.length - 1;
    let hole = gap;
    for (let place = (gap + 1) & mask; this.table[place] !== 0; place = (place + 1) & mask) {
      const home = this.hashes[this.table[place]! - 1]! & mask;
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
      let place = this.hashes[entry - 1]! & mask;
      while (this.table[place] !== 0) place = (place + 1) & mask;
      this.table[place] = entry;
    }
  }

  private widen(): void {
    const room = this.limits.length * 2;
    const { limits, gates, hashes } = this;
    this.limits = new Float64Array(room);
    this.gates = new Int32Array(room);
    this.hashes = new Int32Array(room);
    this.limits.set(limits);
    this.gates.set(gates);
    this.hashes.set(hashes);
  }
}

/** What a gate's number says. */
export function readGate(gate: number): { field: number; op: (typeof operators)[number]; sleeps: boolean } {
  return { field: (gate >> 3) - 1, op: operators[(gate >> 1) & 3]!, sleeps: (gate & 1) === 1 };
}

/** Whether a number passes a gate; NaN passes none. */
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
