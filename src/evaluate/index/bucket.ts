// The rules under one topic pattern: found by one equality, the other conditions tried on those found.
import { type Condition, holds, isMatcher, type Lists } from '#core/condition.ts';
import type { NewEvent } from '#core/event.ts';
import { asText, readField } from '#core/field.ts';
import type { Matcher } from '#core/matcher.ts';

/** What the index needs to know of a rule. */
export interface Asking {
  id: string;
  topic: string;
  match: Condition[];
  /** The owner's lists that the conditions name. */
  lists?: Lists;
}

interface Entry<T> {
  item: T;
  /** The conditions that the place in the index does not already answer. */
  rest: Condition[];
  lists: Lists | undefined;
}

export interface Bucket<T> {
  /** Number of the last question that came here: two paths through `**` may lead to one bucket. */
  asked: number;
  size: number;
  /** Field → value → rules that ask for exactly this. */
  equal: Map<string, Map<string, Map<string, Entry<T>>>>;
  others: Map<string, Entry<T>>;
}

/** A bucket without rules. */
export function emptyBucket<T>(): Bucket<T> {
  return { asked: 0, size: 0, equal: new Map(), others: new Map() };
}

/** Puts a rule in; its id must not be there yet. */
export function putIn<T>(bucket: Bucket<T>, { id, match, lists }: Asking, item: T): void {
  bucket.size++;
  const chosen = door(match);
  const entry = { item, rest: match.filter((condition) => condition !== chosen), lists };
  if (!chosen) {
    bucket.others.set(id, entry);
    return;
  }
  const values = within(bucket.equal, chosen.field, () => new Map<string, Map<string, Entry<T>>>());
  within(values, chosen.value, () => new Map<string, Entry<T>>()).set(id, entry);
}

/** Takes a rule out, by the same conditions with which it came in. */
export function takeOut<T>(bucket: Bucket<T>, { id, match }: Asking): void {
  const chosen = door(match);
  if (!chosen) {
    if (bucket.others.delete(id)) bucket.size--;
    return;
  }
  const values = bucket.equal.get(chosen.field);
  const entries = values?.get(chosen.value);
  if (!values || !entries?.delete(id)) return;
  bucket.size--;
  if (entries.size === 0) values.delete(chosen.value);
  if (values.size === 0) bucket.equal.delete(chosen.field);
}

/** Adds the rules that ask about this event to `found`. */
export function collect<T>(bucket: Bucket<T>, event: NewEvent, found: T[]): void {
  for (const entry of bucket.others.values()) if (passes(entry, event)) found.push(entry.item);
  for (const [field, values] of bucket.equal) {
    // As in core/matcher.ts: a missing field equals the empty text.
    const entries = values.get(asText(readField(event, field)) ?? '');
    if (!entries) continue;
    for (const entry of entries.values()) if (passes(entry, event)) found.push(entry.item);
  }
}

function passes({ rest, lists }: Entry<unknown>, event: NewEvent): boolean {
  for (const condition of rest) if (!holds(condition, event, lists)) return false;
  return true;
}

// The subject tells events apart best; among other fields the first one named is as good as any.
function door(match: Condition[]): Matcher | undefined {
  const equal = match.filter(isMatcher).filter(({ op }) => op === '=');
  return equal.find(({ field }) => field === 'subject') ?? equal[0];
}

function within<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
