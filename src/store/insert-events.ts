// Writing events into the ledger, many in one statement.
import type postgres from 'postgres';
import { sqlState } from './connection.ts';
import { fromLines, fromRecords, linesOf, recordsOf } from './event-text.ts';
import type { EventRow } from './events.ts';

type Sql = postgres.Sql | postgres.TransactionSql;

/** The number that an event got. */
export interface Numbered {
  seq: number;
  eventId: string;
}

/**
 * Inserts the rows in one statement, in order. Returns those that were new, in the same order; rows that are missing there
 * were already known. Throws what the driver throws.
 */
export async function insertEvents(sql: Sql, rows: EventRow[]): Promise<Numbered[]> {
  const lines = linesOf(rows);
  const inserted = await (lines === undefined
    ? sql.unsafe(`${into} ${fromRecords} ${unlessKnown} returning seq, event_id`, [recordsOf(rows)])
    : sql.unsafe(`${into} ${fromLines} ${unlessKnown} returning seq, event_id`, [lines]));
  return inserted.map(({ seq, event_id }) => ({ seq: Number(seq), eventId: event_id }));
}

/**
 * The same where none of them should be known: their numbers, in order. Otherwise it throws and nothing is inserted
 * (`areKnown` says so of the error). To look for each before it is written takes PostgreSQL a quarter of its time.
 */
export async function insertUnknown(sql: Sql, rows: EventRow[]): Promise<number[]> {
  const lines = linesOf(rows);
  const inserted = await (lines === undefined
    ? sql.unsafe(`${into} ${fromRecords} returning seq`, [recordsOf(rows)])
    : sql.unsafe(`${into} ${fromLines} returning seq`, [lines]));
  return inserted.map(({ seq }) => Number(seq));
}

/** Whether one of the events was known, by what inserting it threw. */
export function areKnown(error: unknown): boolean {
  const { constraint_name: name } = error as { constraint_name?: unknown };
  return sqlState(error) === '23505' && name === 'events_source_event';
}

const into = `insert into events (source_id, event_id, body_hash, lane, fingerprint, source, type, subject, time,
  severity, status, ends_at, body, raw, received_at)`;
const unlessKnown = 'on conflict (source_id, source, event_id) do nothing';
