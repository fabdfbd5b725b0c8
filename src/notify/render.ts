// The words of one alert for one receiver: pure, from the alert as it is now.
import type { Alert } from '#core/alert.ts';
import { cut } from '#core/cut.ts';
import { sayNumber } from '#core/field.ts';
import type { Line } from '#core/message.ts';
import type { NotificationKind } from '#core/notification.ts';
import { ordinal } from '#core/ordinal.ts';
import { type Severity, severitySign } from '#core/severity.ts';
import { untilItChanges } from '#core/snooze-end.ts';
import type { Acting } from './acting.ts';
import type { TellingButton, Told } from './channel.ts';
import type { Words } from './templates/words.ts';
import { type Closing, ending, lasted, nameOf, readingText, sinceSpans, wasClosed } from './wording.ts';

/** The time over which occurrences are counted, milliseconds. */
export const month = 30 * 86_400_000;

export interface RenderFacts {
  now: number;
  /** Whether this receiver heard of the alert before. */
  heard: boolean;
  /** How often this rule and key fired within a `month`, this time included. */
  occurrences?: number;
  mark?: string | null;
  /** Who or what closed it, when somebody did. */
  closing?: Closing | undefined;
  /** Without a sound though the alert has one. */
  silent?: boolean;
  /** What can be pressed besides, and what came of the last of it. */
  acting?: Acting | undefined;
  /** The words of a template, where there is one. */
  words?: Words | undefined;
}

/** The message of this kind about the alert; `edit` is the standing message, whatever it first said. */
export function renderAlert(alert: Alert, kind: NotificationKind | 'edit', facts: RenderFacts): Told {
  const base = {
    severity: alert.severity,
    silent: facts.silent === true || alert.severity === 'info',
    mark: facts.mark ?? null,
    buttons: buttonsOf(alert, facts.acting),
  };
  const { words } = facts;
  const fields = Object.entries(alert.fields).filter(([name, value]) => !showsIt(alert, words, name, value));
  const name = words?.title ?? nameOf(alert);
  if (alert.reading.momentary === true)
    return {
      ...base,
      fields,
      sign: severitySign[alert.severity],
      title: name,
      lines: [...told(alert, words), [{ instant: alert.since, show: 'clock' }]],
    };
  if (alert.status === 'resolved')
    return {
      ...base,
      // The new message is short; the one that stands keeps its details.
      fields: kind === 'over' ? [] : fields,
      sign: '✅',
      title: `${name} ${endWord(alert, kind === 'over' || facts.heard)}`,
      lines: [
        ...(words?.over ?? [[ending(alert, facts.now, facts.closing, words?.unit)]]),
        ...noted(facts.acting),
      ],
    };
  return {
    ...base,
    fields,
    sign: severitySign[alert.severity],
    title: kind === 'reminder' ? `Still burning: ${name}` : name,
    lines: [
      ...(kind === 'worse' && facts.heard ? [[`It got worse: ${alert.severity} now.`]] : []),
      ...told(alert, words),
      ...(kind === 'reminder' ? [[`For ${lasted(alert, facts.now)} now.`]] : []),
      ...(words?.lines ? [] : [since(alert, facts, kind === 'reminder')]),
      ...known(alert, facts.now),
      ...acted(facts.acting),
      ...noted(facts.acting),
    ],
  };
}

/** What is left of a message when a newer one about the same alert follows. */
export function renderRetired(alert: Alert): Told {
  return {
    sign: severitySign[alert.severity],
    severity: alert.severity,
    title: nameOf(alert),
    lines: [['A newer message follows below.']],
    fields: [],
    buttons: [],
    silent: true,
    mark: null,
  };
}

/** A sentence of our own. */
export function renderNote(
  text: string,
  severity: Severity,
  facts: { silent: boolean; mark?: string | null; again?: number },
): Told {
  return {
    sign: severity === 'info' ? '' : severitySign[severity],
    severity,
    title: '',
    lines: text.split('\n').map((line): Line => [line]),
    fields: [],
    buttons:
      facts.again === undefined
        ? []
        : [[{ label: 'Try again', action: 'retry-notification', payload: String(facts.again) }]],
    silent: facts.silent || severity === 'info',
    mark: facts.mark ?? null,
  };
}

function told(alert: Alert, words?: Words): Line[] {
  if (words?.lines) return words.lines;
  const text = readingText(alert, words?.unit);
  return text === '' ? [] : [[text]];
}

/** Whether the reading says this value already: it is not said twice. Words of their own may leave it out. */
function showsIt(alert: Alert, words: Words | undefined, name: string, value: string): boolean {
  const { reading } = alert;
  if (words?.lines || words?.over || reading.field !== name || reading.value === undefined) return false;
  const said = typeof reading.value === 'number' ? sayNumber(reading.value) : reading.value;
  return said !== '' && value === said && reading.text.startsWith(said);
}

// A reminder has said how long it burns.
function since(alert: Alert, facts: RenderFacts, saidHowLong: boolean): Line {
  const times = facts.occurrences ?? 1;
  const spans = sinceSpans(alert);
  return [
    ...(saidHowLong ? spans.slice(0, 2) : spans),
    ...(times > 1 ? [` · ${ordinal(times)} time in 30 days`] : []),
  ];
}

function known(alert: Alert, now: number): Line[] {
  const lines: Line[] = [];
  if (alert.status === 'acknowledged' && alert.acknowledgedAt !== null)
    lines.push([
      `Acknowledged by ${alert.acknowledgedBy ?? 'somebody'}, `,
      { instant: alert.acknowledgedAt, show: 'clock' },
    ]);
  if (alert.snoozedUntil !== null && alert.snoozedUntil > now)
    lines.push(
      alert.snoozedUntil === untilItChanges
        ? ['Snoozed until it changes']
        : ['Snoozed until ', { instant: alert.snoozedUntil, show: 'clock' }],
    );
  return lines;
}

function acted(acting: Acting | undefined): Line[] {
  if (!acting?.acted) return [];
  const { text, by, at } = acting.acted;
  return [[`${text}. By ${by}, `, { instant: at, show: 'clock' }]];
}

const mostNoted = 300;

function noted(acting: Acting | undefined): Line[] {
  if (!acting?.noted) return [];
  const { text, by, at } = acting.noted;
  return [
    [`Note by ${by}, `, { instant: at, show: 'clock' }, `: ${cut(text.replace(/\s+/g, ' '), mostNoted)}`],
  ];
}

function endWord(alert: Alert, heard: boolean): string {
  if (!heard) return 'came and went';
  return wasClosed(alert) ? 'is closed' : 'is over';
}

function buttonsOf(alert: Alert, acting?: Acting): TellingButton[][] {
  const button = (label: string, action: string, style?: 'success'): TellingButton => ({
    label,
    action,
    alertId: alert.id,
    rev: alert.rev,
    ...(style ? { style } : {}),
  });
  const why = button('Why', 'why');
  const pressable = (acting?.actions ?? []).map(
    ({ id, title }): TellingButton => ({ ...button(title, 'act'), payload: id }),
  );
  const rows = [0, 2, 4].map((from) => pressable.slice(from, from + 2)).filter((row) => row.length > 0);
  if (alert.status === 'firing')
    return [
      [button('Acknowledge', 'acknowledge', 'success'), button('Snooze', 'snooze')],
      [why, button('Resolve', 'resolve')],
      ...rows,
    ];
  if (alert.status === 'acknowledged')
    return [[button('Release', 'release'), button('Resolve', 'resolve'), why], ...rows];
  return [[why]];
}
