// The rules behind each door, by the value that opens it: a single one, a few side by side, or many in order of their limits.
import { PairTable } from './pair-table.ts';
import { Records } from './records.ts';
import { SortedSlots } from './sorted-slots.ts';

/** Gate → its rules in order of the limit; those without a gate under 0. */
export type WideGroup = Map<number, SortedSlots>;

const mostInRow = 32;

export class Groups {
  /**
   * Door and number of the value → the group. Of a single rule `at` is the slot; of a few the first of their records in
   * `rows`; of many it is below 0.
   */
  readonly table = new PairTable();
  /** Limit, gate and slot of each rule, the rules of a group one after the other. */
  readonly rows = new Records();
  private readonly wides: WideGroup[] = [];
  private readonly freeWides: number[] = [];
  /** By the logarithm of their room. */
  private readonly freeRows = Array.from({ length: Math.log2(mostInRow) + 1 }, (): number[] => []);
  private rowsEnd = 0;
  private doors = 0;
  private readonly freeDoors: number[] = [];
  /** Limit and gate of each rule, by its slot. */
  private readonly records: Records;

  constructor(records: Records) {
    this.records = records;
  }

  /** A number for a door that nobody has. */
  newDoor(): number {
    return this.freeDoors.pop() ?? this.doors++;
  }

  /** Gives the number of a door back behind which nothing is left. */
  endDoor(door: number): void {
    this.freeDoors.push(door);
  }

  wide(at: number): WideGroup {
    return this.wides[-1 - at]!;
  }

  add(door: number, value: number, slot: number): void {
    const { table, rows } = this;
    const place = table.find(door, value);
    if (place < 0) {
      table.keep(table.add(door, value), slot, 1);
      return;
    }
    const count = table.count(place);
    let at = table.at(place);
    if (at < 0) {
      this.addSorted(this.wide(at), slot);
    } else if (count === mostInRow) {
      const wide: WideGroup = new Map();
      for (let i = 0; i < count; i++) this.addSorted(wide, rows.other(at + i));
      this.addSorted(wide, slot);
      this.endRow(at, mostInRow);
      at = -1 - (this.freeWides.pop() ?? this.wides.length);
      this.wides[-1 - at] = wide;
    } else {
      if (count === 1) {
        const alone = at;
        at = this.newRow(2);
        this.fill(at, alone);
      } else if (isFull(count)) {
        at = this.moved(at, count, count, count * 2);
      }
      this.fill(at + count, slot);
    }
    table.keep(place, at, count + 1);
  }

  remove(door: number, value: number, slot: number): void {
    const { table, rows } = this;
    const place = table.find(door, value);
    if (place < 0) return;
    const left = table.count(place) - 1;
    let at = table.at(place);
    if (at < 0) {
      this.removeSorted(this.wide(at), slot);
      if (left === 0) this.endWide(at);
    } else if (left > 0) {
      let gone = at;
      while (rows.other(gone) !== slot) gone++;
      rows.move(at + left, gone, 1);
      if (left === 1) {
        const alone = rows.other(at);
        this.endRow(at, 2);
        at = alone;
      } else if (isFull(left)) {
        at = this.moved(at, left, left * 2, left);
      }
    }
    if (left === 0) table.remove(place);
    else table.keep(place, at, left);
  }

  private fill(at: number, slot: number): void {
    this.rows.set(at, this.records.limit(slot), this.records.gate(slot), slot);
  }

  /** A row of this room, a power of two. */
  private newRow(room: number): number {
    const free = this.freeRows[Math.log2(room)]!.pop();
    if (free !== undefined) return free;
    const at = this.rowsEnd;
    this.rowsEnd += room;
    this.rows.reserve(this.rowsEnd);
    return at;
  }

  private endRow(at: number, room: number): void {
    this.freeRows[Math.log2(room)]!.push(at);
  }

  private moved(at: number, count: number, room: number, newRoom: number): number {
    const to = this.newRow(newRoom);
    this.rows.move(at, to, count);
    this.endRow(at, room);
    return to;
  }

  private addSorted(wide: WideGroup, slot: number): void {
    const gate = this.records.gate(slot);
    let sorted = wide.get(gate);
    if (!sorted) {
      sorted = new SortedSlots();
      wide.set(gate, sorted);
    }
    sorted.add(this.records.limit(slot), slot);
  }

  private removeSorted(wide: WideGroup, slot: number): void {
    const gate = this.records.gate(slot);
    const sorted = wide.get(gate);
    sorted?.remove(this.records.limit(slot), slot);
    if (sorted?.size === 0) wide.delete(gate);
  }

  private endWide(at: number): void {
    this.wides[-1 - at] = new Map();
    this.freeWides.push(-1 - at);
  }
}

// The room of a row is the power of two that holds it.
function isFull(count: number): boolean {
  return (count & (count - 1)) === 0;
}
