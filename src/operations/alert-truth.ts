// The current truth about an alert in one sentence: what a late, second or mistaken press is answered with.
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';

/** “Ben acknowledged this 3 min ago.” Clock times are those of `zone`. */
export function alertTruth(alert: Alert, zone: string, now: number): string {
  if (alert.status === 'resolved')
    return `This is over since ${sayInstant(alert.resolvedAt ?? alert.since, zone, now)}.`;
  if (alert.status === 'pending') return 'This has not lasted long enough to be an alert yet.';
  if (alert.snoozedUntil !== null && alert.snoozedUntil > now)
    return `This is snoozed until ${sayInstant(alert.snoozedUntil, zone, now)}.`;
  if (alert.status === 'acknowledged')
    return `${alert.acknowledgedBy ?? 'Somebody'} acknowledged this ${ago(now - (alert.acknowledgedAt ?? now))}.`;
  return 'This still burns, and nobody has acknowledged it.';
}

function ago(ms: number): string {
  return ms < 5000 ? 'just now' : `${sayDuration(ms)} ago`;
}
