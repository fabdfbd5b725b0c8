// When a snooze ends: at an instant, or only when its alert changes.
import { sayInstant } from './hours.ts';

/** The end of a snooze that lasts until its alert gets worse or is over: an instant that never comes. */
export const untilItChanges = Date.UTC(9999, 0, 1);

/** `13:00`, `it changes`; without a zone the instant has date and zone, for programs. */
export function saySnoozeEnd(until: number, zone: string | undefined, now: number): string {
  if (until === untilItChanges) return 'it changes';
  return zone === undefined ? new Date(until).toISOString() : sayInstant(until, zone, now);
}
