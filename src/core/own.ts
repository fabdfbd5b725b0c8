// What a value from outside holds itself, never what every object inherits: names come from people and senders.
import type { Json } from './json.ts';

/** What the record holds under this name; undefined when it holds nothing there. */
export function own<T>(
  record: Readonly<Record<string, T>> | undefined,
  name: string | undefined,
): T | undefined {
  return record !== undefined && name !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** What lies inside the value when one goes down by these names and indexes; undefined when the way ends before. */
export function inside(value: Json | undefined, steps: readonly string[]): Json | undefined {
  let here = value;
  for (const step of steps) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string, Json>)[step];
  }
  return here;
}
