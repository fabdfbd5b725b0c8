// What an alert is told about one reading: severity, title, and the event's fields as short texts.
import type { Observation } from '#core/alert.ts';
import type { Band } from '#core/bands.ts';
import { cut } from '#core/cut.ts';
import type { Event } from '#core/event.ts';
import { asText, sayNumber } from '#core/field.ts';
import type { Json } from '#core/json.ts';
import type { Rule } from '#core/rule.ts';
import { compareSeverity } from '#core/severity.ts';
import { isGeneratedName } from '#operations/rule-name.ts';
import { sayFlaps } from './flapping.ts';
import type { Watch } from './index/watch.ts';
import type { Sight } from './kind.ts';
import { kindBook } from './kind-book.ts';

const mostFields = 30;

/**
 * The observation for the alert's life; without an event (a tick) the fields stay as they were. `by`: the time band that
 * holds, and how often it flaps.
 */
export function observe(
  { rule, skims }: Watch,
  sight: Pick<Sight, 'reading' | 'severity' | 'raise' | 'title' | 'untitled'>,
  event: Event | null,
  before: Record<string, string>,
  by: { band?: Band | undefined; flaps: number },
): Observation {
  const plain = by.band?.severity ?? rule.severity ?? sight.severity ?? event?.severity ?? 'warning';
  const raised = sight.raise !== undefined && compareSeverity(sight.raise, plain) > 0;
  return {
    reading: sight.reading.is === 'met' ? sayFlaps(rule, sight.reading, by.flaps) : sight.reading,
    severity: raised ? sight.raise! : plain,
    title: titleOf(rule, sight),
    fields: event === null || skims ? before : fieldsOf(event),
    forMs: rule.forMs,
    keepFiringForMs:
      by.flaps > 0 ? Math.max(rule.keepFiringForMs, rule.flapping?.holdMs ?? 0) : rule.keepFiringForMs,
    ...(rule.verify === undefined ? {} : { verify: rule.verify }),
    seq: event?.seq ?? null,
    ...(event ? { hops: event.hops ?? 0 } : {}),
  };
}

// A name that somebody gave goes before the end of a topic, which tells apart what a pattern covers.
function titleOf(rule: Rule, { title, untitled }: Pick<Sight, 'title' | 'untitled'>): string {
  if (title === undefined || !untitled) return title ?? rule.name;
  if (isGeneratedName(rule, kindBook)) return title;
  return rule.topic.includes('*') ? cut(`${rule.name} (${title})`, 200) : rule.name;
}

/** Labels first, then data one level deep (`disk.free`); at most 30, each cut to 300 characters. */
export function fieldsOf(event: Pick<Event, 'labels' | 'data'>): Record<string, string> {
  const found = new Map<string, string>();
  const add = (name: string, value: Json) => {
    if (found.size >= mostFields || value === null || found.has(name)) return;
    const text = typeof value === 'number' ? sayNumber(value) : asText(value)!;
    if (text !== '') found.set(cut(name, 100), cut(text, 300));
  };
  for (const [name, value] of Object.entries(event.labels)) add(name, value);
  for (const [name, value] of Object.entries(event.data)) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) add(name, value);
    else for (const [inner, deep] of Object.entries(value)) add(`${name}.${inner}`, deep);
  }
  return Object.fromEntries(found);
}
