// Texts about what burns, and what somebody did about it.
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import { capital } from '#core/sentence.ts';
import { severitySign } from '#core/severity.ts';
import { saySnoozeEnd, untilItChanges } from '#core/snooze-end.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';
import { countOf } from './count-of.ts';

export const nothingBurns = (
  { rules, paused }: { rules: number; paused: number },
  lastAt: number | undefined,
  now: number,
) => {
  const event =
    lastAt === undefined
      ? 'no event has come yet'
      : `last event ${sayDuration(Math.max(0, now - lastAt))} ago`;
  return rules === 0
    ? html`Nothing burns, and no rule is watching yet: /subscribe makes the first. ${capital(event)}.`
    : html`Nothing burns. ${countOf(rules - paused, 'rule is watching', 'rules are watching')}${paused > 0 ? `, ${paused} paused` : ''}; ${event}.`;
};
export const burning = (count: number, shown: number) =>
  html`${countOf(count, 'alert burns', 'alerts burn')}${shown < count ? html`, the worst ${shown}` : ''}:`;
export function alertLine(alert: Alert, zone: string, now: number): Html {
  const state =
    alert.snoozedUntil !== null && alert.snoozedUntil > now
      ? html` · snoozed until ${saySnoozeEnd(alert.snoozedUntil, zone, now)}`
      : alert.status === 'acknowledged'
        ? html` · acknowledged by ${short(alert.acknowledgedBy ?? 'somebody', 40)}`
        : '';
  return html`${severitySign[alert.severity]} ${bold(short(alert.title, 80))}: ${code(alert.subject)} · ${short(alert.reading.text, 60)} · since ${sayInstant(alert.since, zone, now)} (${sayDuration(now - alert.since)})${state}`;
}

export const ackLabel = (number: number, alert: Alert) =>
  `Acknowledge ${number}: ${short(alert.subject || alert.title, 24)}`;
export const acknowledgedNow = 'Acknowledged. Thank you.';
export const acknowledgedMany = (count: number) =>
  count === 0
    ? 'Everything is acknowledged already.'
    : `${count.toLocaleString('en-US')} acknowledged. Thank you.`;
/** `rest`: why not at the others; null: there are none. */
export const notedNow = (count: number, rest: string | null) =>
  lines(
    html`${count === 1 && rest === null ? 'Noted' : `Noted at ${count} ${count === 1 ? 'alert' : 'alerts'} there`}: everybody who was told sees it, and so do systems that the rule tells and programs that may read alerts here.`,
    rest !== null && html`Not at the others: ${rest}`,
  );
export const releasedNow = 'Released: it is nobody’s again.';
export const resolvedNow = 'Resolved.';
export const snoozedUntil = (until: number, zone: string, now: number) =>
  until === untilItChanges
    ? 'Snoozed until it gets worse or is over.'
    : `Snoozed until ${sayInstant(until, zone, now)}.`;
export const untilMorning = (until: number, zone: string, now: number) =>
  `until ${sayInstant(until, zone, now)}`;
export const untilChange = 'until it changes';
