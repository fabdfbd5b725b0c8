// The sentences about an alert, shared by the single message and the summary.
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import type { Span } from '#core/message.ts';
import { sayReading } from '#core/reading.ts';

/** `Disk nearly full: /sarc/cad`; the subject once. */
export function nameOf(alert: Pick<Alert, 'title' | 'subject'>): string {
  const { title, subject } = alert;
  return subject === '' || title.includes(subject) ? title : `${title}: ${subject}`;
}

/** `93.5 %, limit 90, rising about 1.2 a day.` */
export function readingText(alert: Pick<Alert, 'reading'>, unit?: string): string {
  const text = sayReading(alert.reading, unit);
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** How long it lasted, or lasts. */
export function lasted(alert: Pick<Alert, 'since' | 'resolvedAt'>, now: number): string {
  return sayDuration((alert.resolvedAt ?? now) - alert.since);
}

/** A person or another system ended it while its last reading still said that it burns. */
export function wasClosed(alert: Pick<Alert, 'reading'>): boolean {
  return alert.reading.is !== 'unmet' && alert.reading.momentary !== true;
}

/** Who ended it by hand, or why Tocsin did; both null when its values or its source did. */
export interface Closing {
  by: string | null;
  note: string | null;
}

/** `84, after 41 min. Acknowledged by Ana.` or `Closed by Ben after 5 min; last seen: 93, limit 90.` */
export function ending(alert: Alert, now: number, closing?: Closing, unit?: string): string {
  const reading = sayReading(alert.reading, unit);
  const after = `after ${lasted(alert, now)}`;
  const facts = wasClosed(alert)
    ? `Closed${closing?.by ? ` by ${closing.by}` : ''} ${after}${closing?.note ? ` because ${closing.note}` : ''}${reading === '' ? '' : `; last seen: ${reading}`}.`
    : reading === ''
      ? `It ended ${after}.`
      : `${reading}, ${after}.`;
  return alert.acknowledgedBy ? `${facts} Acknowledged by ${alert.acknowledgedBy}.` : facts;
}

/** Since when it burns. */
export function sinceSpans(alert: Pick<Alert, 'since'>): Span[] {
  return [
    'Since ',
    { instant: alert.since, show: 'clock' },
    ', ',
    { instant: alert.since, show: 'relative' },
  ];
}
