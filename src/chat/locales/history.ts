// What is held back now, and what was.
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import { severitySign } from '#core/severity.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';
import { countOf } from './count-of.ts';
import { reasonWord } from './why-words.ts';

export const historyLabel = 'History';

export interface HeldFacts {
  /** A gate's reason, or a sentence (`said`). */
  groups: { reason: string; said?: true; until: number | null; items: string[] }[];
  count: number;
  zone: string;
  now: number;
}
export function held({ groups, count, zone, now }: HeldFacts): Html {
  if (count === 0) return html`Nothing is held back now.`;
  return lines(
    html`${countOf(count, 'message is', 'messages are')} held back:`,
    ...groups.flatMap(({ reason, said, until, items }) => [
      html`${bold(said ? reason : reasonWord(reason))}${until === null ? '' : `, until ${sayInstant(until, zone, now)}`}: ${items.length}`,
      ...items.slice(0, 6).map((item) => html`• ${short(item, 100)}`),
      ...(items.length > 6 ? [html`and ${items.length - 6} more.`] : []),
    ]),
  );
}

export interface HistoryFacts {
  alerts: Alert[];
  count: number;
  page: number;
  pages: number;
  search: string;
  zone: string;
  now: number;
}
export function history({ alerts, count, page, pages, search, zone, now }: HistoryFacts): Html {
  const about = search === '' ? '' : ` about “${short(search, 40)}”`;
  if (count === 0) return html`No alert${about} so far. What is over is kept for a month.`;
  return lines(
    html`${countOf(count, 'alert', 'alerts')}${about}, newest first${pages > 1 ? `, page ${page + 1} of ${pages}` : ''}:`,
    ...alerts.map((alert, i) => html`${i + 1}. ${historyLine(alert, zone, now)}`),
  );
}
function historyLine(alert: Alert, zone: string, now: number): Html {
  const { status, severity, title, subject, reading, since, resolvedAt } = alert;
  const sign = status === 'resolved' ? '✅' : severitySign[severity];
  const took =
    resolvedAt === null
      ? 'still burning'
      : resolvedAt - since < 1000
        ? ''
        : `for ${sayDuration(resolvedAt - since)}`;
  const parts = [sayInstant(since, zone, now), took].filter(Boolean).join(', ');
  return html`${sign} ${short(title, 50)}: ${code(subject)} ${short(reading.text, 50)} · ${parts}`;
}
