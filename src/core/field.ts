// Reading one value out of an event by name, and saying values as people do.
import type { NewEvent } from './event.ts';
import type { Json } from './json.ts';
import { inside, own } from './own.ts';

/**
 * The value a rule means by `usage`, `disk.free`, `host`, `subject` …: first `data` (dotted path), then `labels`,
 * then the event's own names. Undefined when there is none. Prototype names are never followed.
 */
export function readField(event: NewEvent, path: string): Json | undefined {
  const bare = path.startsWith('data.') ? path.slice(5) : path;
  if (path.startsWith('labels.')) return own(event.labels, path.slice(7));
  const fromData =
    own(event.data, bare) ?? (bare.includes('.') ? inside(event.data, bare.split('.')) : undefined);
  if (fromData !== undefined) return fromData;
  const label = own(event.labels, path);
  if (label !== undefined) return label;
  switch (path) {
    case 'subject':
      return event.subject;
    case 'source':
      return event.source;
    case 'type':
      return event.type;
    case 'severity':
      return event.severity;
    case 'status':
      return event.status;
    default:
      return undefined;
  }
}

/** A number, also when it was sent as text ("93.5", "93.5 %"); undefined for anything else. */
export function readNumber(event: NewEvent, path: string): number | undefined {
  const value = readField(event, path);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return undefined;
  const text = value.trim().replace(/\s*%$/, '');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** A value as text for comparing and showing; objects as compact JSON; undefined stays undefined. */
export function asText(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A number as people read it: at most four significant decimals, no trailing zeros. */
export function sayNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value))
    return Math.abs(value) < 1e15 ? value.toLocaleString('en-US') : value.toExponential(3);
  const digits = Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 4;
  return Number(value.toFixed(digits)) === 0 ? value.toPrecision(2) : String(Number(value.toFixed(digits)));
}
