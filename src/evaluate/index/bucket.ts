// The rules under one topic pattern: behind doors (a field that equals a value), or open to every event.
import { defaultKey, isDefaultKey } from '#core/rule.ts';
import type { Asking, Place } from './asking.ts';
import { sleeps } from './gate.ts';
import type { Groups } from './groups.ts';
import type { Lead } from './question.ts';
import type { Slots } from './slots.ts';

/** A number that the groups know it by, and how many rules stand behind it. */
interface Door {
  number: number;
  count: number;
}

/** The fields of a key under which rules sleep, and how many of them. */
interface Sleepers {
  key: string[];
  count: number;
}

// Each costs every event a key; rules with rarer keys are asked about every event instead.
const mostKeys = 16;
/** In place of the field's number: the door stands open, and what is behind it under this value. */
const open = 0;

const usualName = defaultKey.join('\n');

export class Bucket<T> {
  size = 0;
  /** By the number of the field. */
  private readonly doors = new Map<number, Door>();
  private sleepers: Map<string, Sleepers> | undefined;
  private readonly slots: Slots<T>;
  private readonly groups: Groups;
  /** Is called when the bucket leads elsewhere than before. */
  private readonly changed: () => void;

  constructor(slots: Slots<T>, groups: Groups, changed: () => void) {
    this.slots = slots;
    this.groups = groups;
    this.changed = changed;
  }

  /** Whether a rule with this key may sleep here. */
  maySleep(key: string[]): boolean {
    const known = this.sleepers;
    return known === undefined || known.size < mostKeys || known.has(nameOf(key));
  }

  add(slot: number, { key }: Asking, { door }: Place): void {
    this.size++;
    this.count(slot, key, 1);
    const { fields, values } = this.slots;
    const { number } = this.enter(door ? fields.take(door.field) : open);
    if (door) for (const value of door.values) this.groups.add(number, values.take(value), slot);
    else this.groups.add(number, open, slot);
  }

  /** Takes a rule out, by the same place at which it came in. */
  remove(slot: number, { key }: Asking, { door }: Place): void {
    this.size--;
    this.count(slot, key, -1);
    const { fields, values } = this.slots;
    const field = door ? fields.find(door.field) : open;
    const { number } = this.doors.get(field)!;
    if (door) {
      for (const value of door.values.map((text) => values.find(text))) {
        this.groups.remove(number, value, slot);
        values.give(value);
      }
      fields.give(field);
    } else {
      this.groups.remove(number, open, slot);
    }
    this.leave(field);
  }

  /** Adds the doors to try and the keys under which rules sleep. */
  lead({ doors, sleeping }: Lead): void {
    for (const [field, { number }] of this.doors) doors.push(number, field);
    if (!this.sleepers) return;
    for (const { key } of this.sleepers.values())
      if (!sleeping.some((one) => nameOf(one) === nameOf(key))) sleeping.push(key);
  }

  private enter(field: number): Door {
    let door = this.doors.get(field);
    if (!door) {
      door = { number: this.groups.newDoor(), count: 0 };
      this.doors.set(field, door);
      this.changed();
    }
    door.count++;
    return door;
  }

  private leave(field: number): void {
    const door = this.doors.get(field)!;
    if (--door.count > 0) return;
    this.doors.delete(field);
    this.groups.endDoor(door.number);
    this.changed();
  }

  private count(slot: number, key: string[], by: 1 | -1): void {
    if (!sleeps(this.slots.records.gate(slot))) return;
    this.sleepers ??= new Map();
    const name = nameOf(key);
    const there = this.sleepers.get(name) ?? { key, count: 0 };
    if (there.count === 0 || there.count + by === 0) this.changed();
    there.count += by;
    if (there.count > 0) this.sleepers.set(name, there);
    else this.sleepers.delete(name);
  }
}

function nameOf(key: string[]): string {
  return isDefaultKey(key) ? usualName : key.join('\n');
}
