// Events in the ledger: taking them in, and finding them again.
import { eq } from 'drizzle-orm';
import type postgres from 'postgres';
import { cleanText } from '#core/clean.ts';
import { type EventStatus, lanes } from '#core/event.ts';
import type { Severity } from '#core/severity.ts';
import type { Reader } from './connection.ts';
import { events } from './schema.ts';

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
// PostgreSQL's number of text[]: with the element's number the driver asks a map that a new pool does not have.
const textArray = 1009;

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
  // One text for all of them: for every other way the driver and the server take more time.
  const inserted = await sql<{ seq: string; event_id: string }[]>`
    insert into events (source_id, event_id, body_hash, lane, fingerprint, source, type, subject, time, severity,
      status, ends_at, body, raw, received_at)
    select s, i, h, l, f, o, y, j, t, v, u, e, b, r, a
    from json_to_recordset(${recordsOf(rows)}::text::json) as given(s text, i text, h text, l smallint, f text, o text,
      y text, j text, t timestamptz, v text, u text, e timestamptz, b text, r text, a timestamptz)
    on conflict (source_id, source, event_id) do nothing
    returning seq, event_id`;
  return inserted.map(({ seq, event_id }) => ({ seq: Number(seq), eventId: event_id }));
}

function recordsOf(rows: EventRow[]): string {
  // Those of one request came at one moment.
  let [came, cameText] = [Number.NaN, ''];
  const records = rows.map((row) => {
    if (row.receivedAt !== came) {
      came = row.receivedAt;
      cameText = new Date(came).toISOString();
    }
    return {
      s: row.sourceId,
      i: row.eventId,
      h: row.bodyHash,
      l: laneOf(row.fingerprint),
      f: row.fingerprint,
      o: row.source,
      y: row.type,
      j: row.subject,
      t: instantOf(row.time),
      v: row.severity ?? undefined,
      u: row.status ?? undefined,
      e: instantOf(row.endsAt),
      b: row.body,
      r: row.raw ?? undefined,
      a: cameText,
    };
  });
  const text = JSON.stringify(records);
  if (!halfSurrogate.test(text)) return text;
  return JSON.stringify(records, (_, value) =>
    typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value,
  );
}

// PostgreSQL's JSON refuses it where its text would take the sign that stands for it.
const halfSurrogate = /\\ud[89a-f]/;

function instantOf(at: number | null): string | undefined {
  return at === null ? undefined : new Date(at).toISOString();
}

/** The number and body hash of events that are already known, by `nameText`. */
export async function knownEvents(
  sql: Sql,
  names: EventName[],
): Promise<Map<string, { seq: number; bodyHash: string }>> {
  if (names.length === 0) return new Map();
  const texts = (read: (name: EventName) => string) => sql.array(names.map(read), textArray);
  const rows = await sql<
    { seq: string; source_id: string; source: string; event_id: string; body_hash: string }[]
  >`
    select e.seq, e.source_id, e.source, e.event_id, e.body_hash
    from unnest(${texts((name) => name.sourceId)}::text[], ${texts((name) => name.source)}::text[],
      ${texts((name) => name.eventId)}::text[]) as given(source_id, source, event_id)
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
