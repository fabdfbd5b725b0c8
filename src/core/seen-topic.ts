// What was seen of one topic: bounded however much is sent, and two halves can be put together.
import { cleanText } from './clean.ts';
import { comparedLength, cut } from './cut.ts';
import type { Event } from './event.ts';
import type { Json } from './json.ts';
import { own } from './own.ts';

export interface SeenField {
  type: 'number' | 'text' | 'truth' | 'other';
  last: Json;
  /** How many events had it; absent: seen before that was counted. */
  count?: number;
  min?: number;
  max?: number;
  /** Texts, oldest first. */
  values?: string[];
}

/** A subject's last event: fields and labels by dotted name, when it was received (epoch milliseconds), and by which source (absent: noted before it was kept). */
export interface SeenSubject {
  data: Record<string, Json>;
  at: number;
  source?: string;
}

/** Instants are epoch milliseconds. */
export interface SeenTopic {
  topic: string;
  fields: Record<string, SeenField>;
  count: number;
  lastAt: number;
  /** The newest 50. */
  subjects: Record<string, SeenSubject>;
}

const mostFields = 100;
const mostValues = 20;
const mostSubjects = 50;
const subjectFields = 30;
const subjectLength = 200;

/** A topic of which nothing was seen yet. */
export function newSeen(topic: string): SeenTopic {
  return { topic, fields: {}, count: 0, lastAt: 0, subjects: {} };
}

/** Whether no further field of it would be kept. */
export function isFull({ fields }: SeenTopic): boolean {
  return Object.keys(fields).length >= mostFields;
}

/** Adds one event to what was seen, in place. */
export function noteEvent(seen: SeenTopic, event: Event): void {
  seen.lastAt = Math.max(seen.lastAt, event.receivedAt);
  const values = scalars(event);
  for (const [name, value] of values) {
    const field = own(seen.fields, name);
    if (!field && Object.keys(seen.fields).length >= mostFields) continue;
    if (field) noteField(field, value);
    else set(seen.fields, name, fieldOf(value));
  }
  const subject = cut(event.subject, subjectLength);
  delete seen.subjects[subject];
  set(seen.subjects, subject, {
    data: Object.fromEntries(values.slice(0, subjectFields)),
    at: event.receivedAt,
    source: cleanText(event.source),
  });
  if (++seen.count % mostSubjects === 0) seen.subjects = newest(seen.subjects);
}

function noteField(field: SeenField, value: Json): void {
  field.last = value;
  field.count = (field.count ?? 0) + 1;
  if (typeof value === 'number') {
    field.type = 'number';
    field.min = Math.min(field.min ?? value, value);
    field.max = Math.max(field.max ?? value, value);
  } else if (typeof value === 'string') {
    field.type = 'text';
    field.values ??= [];
    if (field.values.includes(value)) return;
    field.values.push(value);
    if (field.values.length > mostValues) field.values.shift();
  } else field.type = typeof value === 'boolean' ? 'truth' : 'other';
}

/** What both saw together; `later` knows the last values. */
export function mergeSeen(earlier: SeenTopic, later: SeenTopic): SeenTopic {
  const fields = { ...earlier.fields };
  for (const [name, field] of Object.entries(later.fields)) {
    const before = own(fields, name);
    if (!before && Object.keys(fields).length >= mostFields) continue;
    set(fields, name, before ? mergeField(before, field) : field);
  }
  return {
    topic: later.topic,
    fields,
    count: earlier.count + later.count,
    lastAt: Math.max(earlier.lastAt, later.lastAt),
    subjects: newest({ ...earlier.subjects, ...later.subjects }),
  };
}

function scalars(event: Event): [string, Json][] {
  const found: [string, Json][] = [];
  const add = (name: string, value: Json, depth: number) => {
    if (found.length >= mostFields || name.length > 100) return;
    if (value === null) return;
    if (Array.isArray(value)) found.push([cleanText(name), bounded(value)]);
    else if (typeof value !== 'object')
      found.push([cleanText(name), typeof value === 'string' ? cut(value, comparedLength) : value]);
    else if (depth < 3)
      for (const [inner, deep] of Object.entries(value)) add(`${name}.${inner}`, deep, depth + 1);
  };
  for (const [name, value] of Object.entries(event.data)) add(name, value, 1);
  for (const [name, value] of Object.entries(event.labels))
    if (!Object.hasOwn(event.data, name)) add(name, value, 1);
  return found;
}

// A long list is only known to be one.
function bounded(list: Json[]): Json[] {
  return JSON.stringify(list).length <= comparedLength ? list : [];
}

function fieldOf(last: Json): SeenField {
  const count = 1;
  if (typeof last === 'number') return { type: 'number', last, count, min: last, max: last };
  if (typeof last === 'boolean') return { type: 'truth', last, count };
  return typeof last === 'string'
    ? { type: 'text', last, count, values: [last] }
    : { type: 'other', last, count };
}

function mergeField(earlier: SeenField, later: SeenField): SeenField {
  const merged: SeenField = {
    type: later.type,
    last: later.last,
    count: (earlier.count ?? 0) + (later.count ?? 0),
  };
  const mins = [earlier.min, later.min].filter((value) => value !== undefined);
  const maxs = [earlier.max, later.max].filter((value) => value !== undefined);
  if (mins.length > 0) merged.min = Math.min(...mins);
  if (maxs.length > 0) merged.max = Math.max(...maxs);
  // The newest values are kept, in the order in which they were first met.
  const values = [...new Set([...(earlier.values ?? []), ...(later.values ?? [])])];
  if (values.length > 0) merged.values = values.slice(-mostValues);
  return merged;
}

function newest(subjects: SeenTopic['subjects']): SeenTopic['subjects'] {
  const all = Object.entries(subjects);
  if (all.length <= mostSubjects) return subjects;
  return Object.fromEntries(all.toSorted(([, a], [, b]) => b.at - a.at).slice(0, mostSubjects));
}

// Plain assignment would follow `__proto__`.
function set<T>(record: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
}
