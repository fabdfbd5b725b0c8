// Digests of events: whether two are the same, and names for situations that have none.
import { hash } from 'node:crypto';
import type { Json } from '#core/json.ts';

/** SHA-256 as 22 letters of base64url (128 bits). */
export function shortHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

/** JSON text in which the order of names does not matter; `text` is what `JSON.stringify` makes of it, where that is known. */
export function canonical(value: Json, text?: string): string {
  if (isInOrder(value)) return text ?? JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one)).join(',')}]`;
  const record = value as Record<string, Json>;
  let inside = '';
  for (const name of sorted(Object.keys(record)))
    inside += `${inside && ','}${JSON.stringify(name)}:${canonical(record[name]!)}`;
  return `{${inside}}`;
}

// Objects are small: this needs no room of its own, which `sort` asks for.
function sorted(names: string[]): string[] {
  if (names.length > 16) return names.sort();
  for (let i = 1; i < names.length; i++) {
    const name = names[i]!;
    let place = i;
    for (; place > 0 && names[place - 1]! > name; place--) names[place] = names[place - 1]!;
    names[place] = name;
  }
  return names;
}

function isInOrder(value: Json): boolean {
  if (value === null || typeof value !== 'object') return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before: string | undefined;
  for (const name in value) {
    if ((before !== undefined && before > name) || !isInOrder(value[name]!)) return false;
    before = name;
  }
  return true;
}
