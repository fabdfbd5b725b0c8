// The sentences about an alert, shared by the single message and the summary.
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import type { Span } from '#core/message.ts';

/** `Disk nearly full: /sarc/cad`; the subject once. */
export function nameOf(alert: Pick<Alert, 'title' | 'subject'>): string {
  const { title, subject } = alert;
  return subject === '' || title.includes(subject) ? title : `${title}: ${subject}`;
}

/** `93.5, limit 90.` */
export function readingText(alert: Pick<Alert, 'reading'>): string {
  const text = alert.reading.text.trim();
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

/** `84, after 41 min. Acknowledged by Ana.` */
export function ending(alert: Alert, now: number): string {
  const reading = alert.reading.text.trim().replace(/\.$/, '');
  const after = `after ${lasted(alert, now)}`;
  const facts = wasClosed(alert)
    ? `Closed ${after}${reading === '' ? '' : `; last seen: ${reading}`}.`
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
