// From a format's events to the ledger's rows: ids, fingerprints, digests, and text that can be stored.
import { cleanJson, cleanText } from '#core/clean.ts';
import type { NewEvent } from '#core/event.ts';
import { plainFingerprint } from '#core/rule.ts';
import type { EventRow } from '#store/events.ts';
import type { Body } from './body.ts';
import type { Format } from './format.ts';
import { canonical, shortHash } from './hash.ts';

// What JSON allows and the ledger or a number cannot keep: NUL, half surrogates, long integers, huge exponents. A number stands
// behind one of these signs; without them every hash and every name with an e and digits in it looked like one.
const needsCleaning = /\\u(?:0000|[dD][89a-fA-F])|(?:^|[:,[\s])-?(?:\d{16}|\d+(?:\.\d+)?[eE]\+?\d{3})/;

export interface Arrival {
  format: Format;
  body: Body;
  sourceId: string;
  /** Makes an id for an event that has none. */
  id: () => string;
  /** Epoch milliseconds. */
  receivedAt: number;
}

/**
 * The rows of one request, in order; `at` says where each event was found. The sender's own text is kept where the row
 * does not say the same: of the event, or, for a format that translates, of the whole body with its first event.
 */
export function toRows(events: NewEvent[], at: string[], arrival: Arrival): EventRow[] {
  const { format, body, receivedAt } = arrival;
  const whole = body.text();
  const wholeIsDirty = needsCleaning.test(whole);
  return events.map((event, index): EventRow => {
    // Of most bodies nothing is dirty, and then no event's own text is wanted.
    const own = wholeIsDirty && !format.translates ? body.text(at[index] === '' ? undefined : index) : whole;
    const dirty = wholeIsDirty && (format.translates || needsCleaning.test(own));
    const data = dirty ? (cleanJson(event.data) as NewEvent['data']) : event.data;
    const { labels, subject, type } = event;
    const source = cleanText(event.source);
    const [dataText, labelsText] = [JSON.stringify(data), JSON.stringify(labels)];
    const keep = format.translates ? index === 0 : dirty;
    return {
      sourceId: arrival.sourceId,
      eventId: event.id ?? arrival.id(),
      bodyHash: shortHash(sameness(event, canonical(data, dataText), canonical(labels, labelsText))),
      fingerprint: event.fingerprint ?? plainFingerprint({ source, type, subject }),
      source,
      type,
      subject,
      time: event.time ?? null,
      severity: event.severity ?? null,
      status: event.status ?? null,
      endsAt: event.endsAt ?? null,
      body: `{"data":${dataText},"labels":${labelsText}}`,
      raw: keep ? own : null,
      receivedAt,
    };
  });
}

// All that makes it this event, as `canonical` writes it: the names in order, without the id.
function sameness(event: NewEvent, data: string, labels: string): string {
  const { endsAt, fingerprint, severity, source, status, subject, time, type } = event;
  let text = `{"data":${data}`;
  if (endsAt !== undefined) text += `,"endsAt":${endsAt}`;
  if (fingerprint !== undefined) text += `,"fingerprint":${JSON.stringify(fingerprint)}`;
  text += `,"labels":${labels}`;
  if (severity !== undefined) text += `,"severity":"${severity}"`;
  text += `,"source":${JSON.stringify(source)}`;
  if (status !== undefined) text += `,"status":"${status}"`;
  text += `,"subject":${JSON.stringify(subject)}`;
  if (time !== undefined) text += `,"time":${time}`;
  return `${text},"type":${JSON.stringify(type)}}`;
}
