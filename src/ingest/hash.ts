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
  for (const name of Object.keys(record).sort())
    inside += `${inside && ','}${JSON.stringify(name)}:${canonical(record[name]!)}`;
  return `{${inside}}`;
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
