// The decision trace of one event: what each rule that looked at it read, hits and near misses, kept compactly.
import type { Reading } from './reading.ts';

/**
 * rule, key, what it read, the value, the limit, the sentence when it says more than both, and the time band that held
 * (-1: the rule as written; absent: it has none).
 */
export type TraceRow = [
  ruleId: string,
  key: string,
  is: Reading['is'],
  value: number | string | null,
  limit: number | string | null,
  text?: string | null,
  band?: number,
];

export interface Trace {
  rows: TraceRow[];
  /** How many more looked. */
  more?: number;
}

/** So many rows are kept of one event. */
export const mostTraced = 50;
const longest = 200;

/** The row of one rule's look. */
export function traceRow(ruleId: string, key: string, reading: Reading, band?: number): TraceRow {
  const { is, value, limit } = reading;
  const text = reading.text === '' ? null : shorten(reading.text);
  const row: TraceRow = [ruleId, shorten(key), is, short(value), short(limit)];
  // Without value and limit, or when the kind says more than them, the sentence is what a person reads.
  if (text !== null || band !== undefined) row.push(text);
  if (band !== undefined) row.push(band);
  return row;
}

/** Hits first, then what was read and not met, then what could not be read; each in the order given. */
export function traceOf(rows: TraceRow[]): Trace | null {
  if (rows.length === 0) return null;
  if (rows.length <= mostTraced) return { rows };
  const rank = { met: 0, unmet: 1, unknown: 2 };
  const kept = rows.toSorted((a, b) => rank[a[2]] - rank[b[2]]).slice(0, mostTraced);
  return { rows: kept, more: rows.length - mostTraced };
}

function short(value: number | string | undefined): number | string | null {
  return typeof value === 'string' ? shorten(value) : (value ?? null);
}

function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
