// Events in the ledger: taking them in, and finding them again.
import { eq } from 'drizzle-orm';
import type postgres from 'postgres';
import { cleanText } from '#core/clean.ts';
import { type EventStatus, lanes } from '#core/event.ts';
import type { Severity } from '#core/severity.ts';
import type { Reader } from './connection.ts';
import { events } from './schema/events.ts';

/** An event as it is written; `receivedAt`, `time` and `endsAt` in epoch milliseconds, `body` the text of `{data, labels}`. */
export interface EventRow {
  sourceId: string;
  eventId: string;
  bodyHash: string;
  fingerprint: string;
  source: string;
  type: string;
  subject: string;
  time: number | null;
  severity: Severity | null;
  status: EventStatus | null;
  endsAt: number | null;
  body: string;
  raw: string | null;
  receivedAt: number;
}

/** What makes an event the same event: one pushing source never has two with one source and id. */
export type EventName = Pick<EventRow, 'sourceId' | 'source' | 'eventId'>;
type Sql = postgres.Sql | postgres.TransactionSql;

/** The lane an event travels in: the same for every event of one fingerprint, in every process. */
export function laneOf(fingerprint: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < fingerprint.length; i++)
    hash = Math.imul(hash ^ fingerprint.charCodeAt(i), 0x01000193) >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) % lanes;
}

/** One text for an event's name as the ledger keeps it, for use as a Map's key. */
export function nameText({ sourceId, source, eventId }: EventName): string {
  return `${sourceId}\u0000${cleanText(source)}\u0000${cleanText(eventId)}`;
}

/** The number and body hash of events that are already known, by `nameText`. */
export async function knownEvents(
  sql: Sql,
  names: EventName[],
): Promise<Map<string, { seq: number; bodyHash: string }>> {
  if (names.length === 0) return new Map();
  const given = names.map(({ sourceId, source, eventId }) => ({
    source_id: sourceId,
    source: cleanText(source),
    event_id: cleanText(eventId),
  }));
  const rows = await sql<
    { seq: string; source_id: string; source: string; event_id: string; body_hash: string }[]
  >`
    select e.seq, e.source_id, e.source, e.event_id, e.body_hash
    from json_to_recordset(${JSON.stringify(given)}::text::json) as given(source_id text, source text, event_id text)
    join events e using (source_id, source, event_id)`;
  return new Map(
    rows.map((row) => [
      nameText({ sourceId: row.source_id, source: row.source, eventId: row.event_id }),
      { seq: Number(row.seq), bodyHash: row.body_hash },
    ]),
  );
}

/** One event's row by its number, or undefined. */
export async function findEvent(db: Reader, seq: number) {
  const [row] = await db.select().from(events).where(eq(events.seq, seq));
  return row;
}
