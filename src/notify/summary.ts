// The one message for what was held: what still burns, what is over, what came and went. Pure.
import type { Alert } from '#core/alert.ts';
import type { Line } from '#core/message.ts';
import type { NotificationKind } from '#core/notification.ts';
import { compareSeverity, type Severity, severitySign } from '#core/severity.ts';
import type { TellingButton, Told } from './channel.ts';
import { ending, lasted, nameOf, readingText } from './wording.ts';

/** One held notification and its alert as it is now; `heard`: known before the quiet hours' summary. */
export interface SummaryItem {
  kind: NotificationKind;
  alert: Alert;
  heard: boolean;
}

const titles: Record<string, string> = {
  away: 'While you were away',
  grouped: 'Gathered for you',
  cap: 'More than you wanted one by one',
  digest: 'Kept for your digest',
  'off-hours': 'Before your hours began',
  silenced: 'While it was muted',
};

const mostButtons = 8;
const mostLines = 20;
const mostFolded = 40;

/** Still burning first, worst and oldest on top, each with a button; then what ended. */
export function renderSummary(
  items: SummaryItem[],
  facts: { now: number; mark?: string | null; severity: Severity; why?: string | null },
): Told {
  const burning = items
    .filter(({ alert }) => alert.status !== 'resolved')
    .sort((a, b) => compareSeverity(b.alert.severity, a.alert.severity) || a.alert.since - b.alert.since);
  const ended = items.filter(({ alert }) => alert.status === 'resolved');
  const over = ended.filter(({ heard }) => heard);
  const passed = ended.filter(({ heard }) => !heard);
  return {
    sign: facts.why === 'grouped' || facts.why === 'cap' ? severitySign[facts.severity] : '🌙',
    severity: facts.severity,
    title: titles[facts.why ?? ''] ?? 'While it was quiet',
    lines: [
      ...section('Still burning', burning, (item) => burningLine(item.alert)),
      ...section('Over', over, (item) => overLine(item.alert, facts.now)),
      ...(passed.length > 0 ? [[{ bold: `Came and went: ${passed.length}` }]] : []),
    ],
    fields: [
      ...passed
        .slice(0, mostFolded)
        .map(({ alert }): [string, string] => [nameOf(alert), passing(alert, facts.now)]),
      ...rest(passed.length - mostFolded).map((text): [string, string] => [text, 'see /alerts']),
    ],
    buttons: burning
      .filter(({ alert }) => alert.status === 'firing')
      .slice(0, mostButtons)
      .map(({ alert }): TellingButton[] => [
        {
          label: `Acknowledge ${nameOf(alert)}`,
          action: 'acknowledge-line',
          alertId: alert.id,
          rev: alert.rev,
        },
      ]),
    silent: facts.severity === 'info',
    mark: facts.mark ?? null,
  };
}

function section(title: string, items: SummaryItem[], line: (item: SummaryItem) => Line): Line[] {
  if (items.length === 0) return [];
  return [
    [{ bold: `${title}: ${items.length}` }],
    ...items.slice(0, mostLines).map(line),
    ...rest(items.length - mostLines).map((text): Line => [text]),
  ];
}

function rest(count: number): string[] {
  return count > 0 ? [`and ${count} more`] : [];
}

function burningLine(alert: Alert): Line {
  return [
    `${severitySign[alert.severity]} `,
    nameOf(alert),
    ` · ${readingText(alert)} Since `,
    { instant: alert.since, show: 'clock' },
    ...(alert.acknowledgedBy ? [`, acknowledged by ${alert.acknowledgedBy}`] : []),
  ];
}

function overLine(alert: Alert, now: number): Line {
  return ['✅ ', nameOf(alert), ` · ${ending(alert, now)}`];
}

function passing(alert: Alert, now: number): string {
  if (alert.reading.momentary === true) return readingText(alert) || alert.severity;
  return `${alert.severity}, lasted ${lasted(alert, now)}`;
}
