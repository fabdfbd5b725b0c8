// An event as expressions see it: one flat map of its fields, of bounded size.
import type { Event } from '#core/event.ts';
import type { Json } from '#core/json.ts';

export interface EventView {
  event: Record<string, Json>;
  /** More than can be looked at. */
  tooLarge: boolean;
}

const longestText = 1000;
const mostValues = 1000;
const deepest = 12;
/** Names that JavaScript gives a meaning of its own. */
const reserved = ['__proto__', 'constructor', 'prototype'];

const views = new WeakMap<Event, EventView>();

/**
 * `event.usage`, `event.host` …: first data, then labels, then the event's own names, as in `core/field.ts`; `event.data`
 * and `event.labels` are the whole maps. Texts are cut to 1,000 characters.
 */
export function viewOf(event: Event): EventView {
  const known = views.get(event);
  if (known) return known;
  const counter = { values: 0 };
  const data = copied(event.data, counter, 0) as Record<string, Json>;
  const labels = copied(event.labels, counter, 0) as Record<string, Json>;
  const { id, source, type, subject, severity = '', status = '' } = event;
  const own = {
    id,
    source,
    type,
    subject,
    severity,
    status,
    time: new Date(event.time ?? event.receivedAt).toISOString(),
  };
  const whole: Record<string, Json> = { ...own, ...labels, ...data, labels, data };
  const view = { event: whole, tooLarge: counter.values > mostValues };
  views.set(event, view);
  return view;
}

function copied(value: Json, counter: { values: number }, depth: number): Json {
  counter.values++;
  if (typeof value === 'string') return value.slice(0, longestText);
  if (value === null || typeof value !== 'object') return value;
  if (depth > deepest || counter.values > mostValues) return null;
  if (Array.isArray(value))
    return value.slice(0, mostValues + 1).map((inner) => copied(inner, counter, depth + 1));
  const copy: Record<string, Json> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (reserved.includes(name)) continue;
    copy[name] = copied(inner, counter, depth + 1);
    if (counter.values > mostValues) break;
  }
  return copy;
}

/** How much there is to look at in a value: characters of texts, and all values of lists and maps; counted up to `most`. */
export function weightOf(value: unknown, most: number): number {
  if (typeof value === 'string') return value.length;
  if (value === null || typeof value !== 'object') return 1;
  let weight = 1;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) {
    weight += weightOf(inner, most - weight);
    if (weight > most) return weight;
  }
  return weight;
}
