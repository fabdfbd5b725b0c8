// Events on their way to PostgreSQL as one text for all of them: lines where no field holds what parts them, JSON where one does.
import { type EventRow, laneOf } from './events.ts';

// ASCII's own signs for this. JSON, topics, digests and numbers hold neither.
const [rowSign, fieldSign] = ['\u001e', '\u001f'];
const eitherSign = /[\u001e\u001f]/;

/** A select of what `linesOf` made, from the statement's first value. */
export const fromLines = `
  select a[1], a[2], a[3], a[4]::smallint, a[5], a[6], a[7], a[8], to_timestamp(nullif(a[9], '')::float8 / 1000),
    nullif(a[10], ''), nullif(a[11], ''), to_timestamp(nullif(a[12], '')::float8 / 1000), a[13], nullif(a[14], ''),
    to_timestamp(a[15]::float8 / 1000)
  from (
    -- Without the offset a line would be taken apart once for each of its fields.
    select string_to_array(line, E'\\x1f') from string_to_table($1::text, E'\\x1e') line offset 0
  ) given(a)`;

/** A select of what `recordsOf` made, which takes PostgreSQL half as long again. */
export const fromRecords = `
  select s, i, h, l, f, o, y, j, to_timestamp(t / 1000), v, u, to_timestamp(e / 1000), b, r, to_timestamp(a / 1000)
  from json_to_recordset($1::text::json) as given(s text, i text, h text, l smallint, f text, o text, y text, j text,
    t float8, v text, u text, e float8, b text, r text, a float8)`;

/** A line for each row, or undefined where only JSON can hold what they say. */
export function linesOf(rows: readonly EventRow[]): string | undefined {
  let text = '';
  for (const row of rows) {
    const { eventId, fingerprint, source, subject, raw } = row;
    if (eitherSign.test(eventId) || eitherSign.test(fingerprint)) return undefined;
    if (eitherSign.test(source) || eitherSign.test(subject)) return undefined;
    // Nothing stands for null.
    if (raw !== null && (raw === '' || eitherSign.test(raw))) return undefined;
    if (text !== '') text += rowSign;
    text += row.sourceId + fieldSign + eventId + fieldSign + row.bodyHash + fieldSign + laneOf(fingerprint);
    text += fieldSign + fingerprint + fieldSign + source + fieldSign + row.type + fieldSign + subject;
    text += fieldSign + (row.time ?? '') + fieldSign + (row.severity ?? '') + fieldSign + (row.status ?? '');
    text += fieldSign + (row.endsAt ?? '') + fieldSign + row.body + fieldSign + (raw ?? '');
    text += fieldSign + row.receivedAt;
  }
  return text;
}

/** A list of records, whatever the rows hold. */
export function recordsOf(rows: readonly EventRow[]): string {
  const records = rows.map((row) => ({
    s: row.sourceId,
    i: row.eventId,
    h: row.bodyHash,
    l: laneOf(row.fingerprint),
    f: row.fingerprint,
    o: row.source,
    y: row.type,
    j: row.subject,
    t: row.time ?? undefined,
    v: row.severity ?? undefined,
    u: row.status ?? undefined,
    e: row.endsAt ?? undefined,
    b: row.body,
    r: row.raw ?? undefined,
    a: row.receivedAt,
  }));
  const text = JSON.stringify(records);
  if (!halfSurrogate.test(text)) return text;
  return JSON.stringify(records, (_, value) =>
    typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value,
  );
}

// PostgreSQL's JSON refuses it where its text would take the sign that stands for it.
const halfSurrogate = /\\ud[89a-f]/;
