// Events that the room makes itself, of scrapes and heartbeats, as rows of the ledger.
import { cleanJson, cleanText } from '#core/clean.ts';
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { plainFingerprint } from '#core/rule.ts';
import type { EventRow } from '#store/events.ts';
import { canonical, shortHash } from './hash.ts';

/** The row of one event; `by` is the id of what made it: a target, a heartbeat. */
export function ownRow(by: string, event: NewEvent & { id: string }, now: number): EventRow {
  const { id, type, labels, severity, status } = event;
  const [source, subject] = [cleanText(event.source), cleanText(event.subject)];
  const data = cleanJson(event.data) as Record<string, Json>;
  return {
    sourceId: by,
    eventId: id,
    bodyHash: shortHash(canonical([type, subject, data, labels])),
    fingerprint: event.fingerprint ?? plainFingerprint({ source, type, subject }),
    source,
    type,
    subject,
    time: event.time ?? null,
    severity: severity ?? null,
    status: status ?? null,
    endsAt: event.endsAt ?? null,
    body: JSON.stringify({ data, labels }),
    raw: null,
    receivedAt: now,
  };
}
