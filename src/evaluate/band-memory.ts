// What a rule with time bands remembers of one key: each reading for itself, and which bands have spoken.
import type { Birth } from '#core/alert.ts';
import type { Event } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import type { Sight } from './kind.ts';
import { fieldsOf } from './observe.ts';

/** One reading between events. */
export interface View {
  /** The kind's own memory. */
  state: Json;
  /** Since when it is met; absent: it is not. */
  since?: number;
  /** An alert was open meanwhile: it begins no other one before it was unmet. */
  spent?: true;
  /** What it last read while met, for the band that may yet speak by it. */
  last?: Pick<Sight, 'reading' | 'severity' | 'raise' | 'title' | 'untitled'>;
}

/** The last event, for an alert that begins at the edge of a band. */
export interface LastEvent {
  topic: string;
  subject: string;
  fields: Record<string, string>;
  hops?: number;
}

export interface BandMemory {
  views: View[];
  /** The bands that have spoken in the open alert. */
  told: number[];
  event?: LastEvent;
}

/** The memory in a standing's state; a fresh one when there is none for so many readings. */
export function readMemory(state: Json, count: number): BandMemory {
  const kept = state as unknown as BandMemory | null;
  if (kept && Array.isArray(kept.views) && kept.views.length === count) return kept;
  return { views: Array.from({ length: count }, () => ({ state: null })), told: [] };
}

/** The state to keep; null when there is nothing to remember. */
export function writeMemory(memory: BandMemory): Json {
  const { views, told } = memory;
  const fresh = told.length === 0 && views.every(({ state, since }) => state === null && since === undefined);
  return fresh ? null : (memory as unknown as Json);
}

/** A reading after one more look. */
export function nextView(before: View, sight: Sight, event: Event | null, now: number): View {
  const { state, reading } = sight;
  if (reading.is === 'unmet') return { state };
  if (reading.is === 'unknown' || reading.momentary) return { ...before, state };
  const severity = sight.severity ?? event?.severity ?? before.last?.severity;
  const last = {
    reading,
    ...(severity ? { severity } : {}),
    ...(sight.raise ? { raise: sight.raise } : {}),
    ...(sight.title === undefined ? {} : { title: sight.title }),
    ...(sight.untitled ? { untitled: sight.untitled } : {}),
  };
  return { ...before, state, since: before.since ?? now, last };
}

/** What is kept of an event, and of the alert that it would have begun. */
export function lastEvent(event: Event, { topic, subject }: Pick<Birth, 'topic' | 'subject'>): LastEvent {
  const { hops } = event;
  return { topic, subject, fields: fieldsOf(event), ...(hops ? { hops } : {}) };
}
