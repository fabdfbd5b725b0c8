// The current truth about an alert in one sentence: what a late, second or mistaken press is answered with.
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import { saySnoozeEnd } from '#core/snooze-end.ts';

/** Why what somebody wanted changes nothing: there is nothing to end, or the truth. */
export function whyNot(verb: string, alert: Alert, zone: string | undefined, now: number): string {
  const truth = alertTruth(alert, zone, now);
  const isOpen = alert.status === 'firing' || alert.status === 'acknowledged';
  if (verb === 'unsnooze-alert' && isOpen) return 'This is not snoozed.';
  if (verb === 'release-alert' && isSnoozed(alert, now) && isOpen)
    return `Nobody has acknowledged this. ${truth}`;
  return truth;
}

/** “Ben acknowledged this 3 min ago.” Clock times are those of `zone`; without one they have date and zone, for programs. */
export function alertTruth(alert: Alert, zone: string | undefined, now: number): string {
  const said = (at: number) => (zone === undefined ? new Date(at).toISOString() : sayInstant(at, zone, now));
  if (alert.status === 'resolved') return `This is over since ${said(alert.resolvedAt ?? alert.since)}.`;
  if (alert.status === 'pending') return 'This has not lasted long enough to be an alert yet.';
  if (isSnoozed(alert, now)) return `This is snoozed until ${saySnoozeEnd(alert.snoozedUntil!, zone, now)}.`;
  if (alert.status === 'acknowledged')
    return `${alert.acknowledgedBy ?? 'Somebody'} acknowledged this ${ago(now - (alert.acknowledgedAt ?? now))}.`;
  return 'This still burns, and nobody has acknowledged it.';
}

function isSnoozed({ snoozedUntil }: Alert, now: number): boolean {
  return snoozedUntil !== null && snoozedUntil > now;
}

function ago(ms: number): string {
  return ms < 5000 ? 'just now' : `${sayDuration(ms)} ago`;
}
