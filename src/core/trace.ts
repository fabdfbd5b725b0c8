// The decision trace of one event: what each rule that looked at it read, hits and near misses, kept compactly.
import { cut } from './cut.ts';
import { sayNumber } from './field.ts';
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
  const { is, value, limit, text } = reading;
  const row: TraceRow = [ruleId, cut(key, longest), is, short(value), short(limit)];
  if (text !== usualText(value, limit)) row.push(cut(text, longest));
  else if (band !== undefined) row.push(null);
  if (band !== undefined) row.push(band);
  return row;
}

/** What the row says, for a person: the sentence of the reading. */
export function textOf([, , , value, limit, text]: TraceRow): string {
  return text ?? usualText(value ?? undefined, limit ?? undefined);
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
  return typeof value === 'string' ? cut(value, longest) : (value ?? null);
}

// What most kinds say; it need not be kept a second time.
function usualText(value: number | string | undefined, limit: number | string | undefined): string {
  const said = [value, limit].map((one) => (typeof one === 'number' ? sayNumber(one) : one));
  return said[1] === undefined ? (said[0] ?? '') : `${said[0] ?? ''}, limit ${said[1]}`;
}
