// One question after another to the index: which rules behind the doors of a topic does this event find?
import type { NewEvent } from '#core/event.ts';
import { asText, readField, readNumber } from '#core/field.ts';
import { fieldOf, hasRest, isAbove, isEqual, opens, orEqual } from './gate.ts';
import type { Groups } from './groups.ts';
import type { Slots } from './slots.ts';
import type { SortedSlots } from './sorted-slots.ts';

/** Where a topic leads. */
export interface Lead {
  /** Two for each door: its number among the groups, and the number of its field; 0: it stands open. */
  doors: number[];
  /** Fields of keys under which rules sleep that might be asked. */
  sleeping: string[][];
}

export class Question<T> {
  /** Grows with every question. */
  private number = 0;
  private event: NewEvent = nothing;
  private found: T[] = [];
  private readonly slots: Slots<T>;
  private readonly groups: Groups;
  /** By number of a field: what the event says there, and which question found that out. */
  private numbers = new Float64Array(16);
  private numbersAt = new Float64Array(16);
  private texts = new Float64Array(16);
  private textsAt = new Float64Array(16);
  private readonly range: number[] = [];

  constructor(slots: Slots<T>, groups: Groups) {
    this.slots = slots;
    this.groups = groups;
  }

  /** The rules whose door and gate are open and for which nothing else is left to try, or that pass it. */
  ask(event: NewEvent, { doors }: Lead): T[] {
    const { table } = this.groups;
    const found: T[] = [];
    this.number++;
    this.event = event;
    this.found = found;
    for (let i = 0; i < doors.length; i += 2) {
      const field = doors[i + 1]!;
      const place = table.find(doors[i]!, field === 0 ? 0 : this.textOf(field));
      if (place >= 0) this.visit(table.at(place), table.count(place));
    }
    return found;
  }

  private visit(at: number, count: number): void {
    const { records } = this.slots;
    const { rows } = this.groups;
    if (at < 0) for (const [gate, sorted] of this.groups.wide(at)) this.tryRange(gate, sorted);
    else if (count === 1) this.tryOne(records.gate(at), records.limit(at), at);
    else for (let i = at; i < at + count; i++) this.tryOne(rows.gate(i), rows.limit(i), rows.other(i));
  }

  private tryOne(gate: number, limit: number, slot: number): void {
    const field = fieldOf(gate);
    if (field !== 0) {
      if (isEqual(gate)) {
        if (this.textOf(field) !== limit) return;
      } else if (!opens(gate, limit, this.numberOf(field))) return;
    }
    if (hasRest(gate) && !this.slots.passes(slot, this.event)) return;
    this.found.push(this.slots.item(slot));
  }

  private tryRange(gate: number, sorted: SortedSlots): void {
    const { range, slots, found } = this;
    range.length = 0;
    this.inRange(gate, sorted);
    const rest = hasRest(gate);
    for (let i = 0; i < range.length; i++)
      if (!rest || slots.passes(range[i]!, this.event)) found.push(slots.item(range[i]!));
  }

  private inRange(gate: number, sorted: SortedSlots): void {
    const field = fieldOf(gate);
    if (field === 0) {
      sorted.all(this.range);
      return;
    }
    if (isEqual(gate)) {
      sorted.at(this.textOf(field), this.range);
      return;
    }
    const value = this.numberOf(field);
    if (Number.isNaN(value)) return;
    if (isAbove(gate)) sorted.below(value, orEqual(gate), this.range);
    else sorted.above(value, orEqual(gate), this.range);
  }

  /** The number of the event's text in a field; 0: no rule asks for it. As in core/matcher.ts, a missing one is empty. */
  private textOf(field: number): number {
    if (field >= this.texts.length) this.widen(field);
    if (this.textsAt[field] !== this.number) {
      const { fields, values } = this.slots;
      this.texts[field] = values.find(asText(readField(this.event, fields.text(field))) ?? '');
      this.textsAt[field] = this.number;
    }
    return this.texts[field]!;
  }

  /** The event's number in a field; NaN: none. */
  private numberOf(field: number): number {
    if (field >= this.numbers.length) this.widen(field);
    if (this.numbersAt[field] !== this.number) {
      this.numbers[field] = readNumber(this.event, this.slots.fields.text(field)) ?? Number.NaN;
      this.numbersAt[field] = this.number;
    }
    return this.numbers[field]!;
  }

  private widen(field: number): void {
    const room = 2 ** Math.ceil(Math.log2(field + 1));
    this.numbers = new Float64Array(room);
    this.numbersAt = new Float64Array(room);
    this.texts = new Float64Array(room);
    this.textsAt = new Float64Array(room);
  }
}

const nothing: NewEvent = { source: '', type: '', subject: '', data: {}, labels: {} };
