// Digests of events: whether two are the same, and names for situations that have none.
import { hash } from 'node:crypto';
import type { Json } from '#core/json.ts';

/** SHA-256 as 22 letters of base64url (128 bits). */
export function shortHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

/** JSON text in which the order of names does not matter. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name]!)}`).join(',')}}`;
}
