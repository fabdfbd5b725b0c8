// Quiet hours of a person or group: when to be left alone, and what may break through.
import { type Window, windowEnd } from './hours.ts';
import { compareSeverity, type Severity } from './severity.ts';

export interface Quiet {
  window: Window;
  /** The least severity that is told all the same; null: nothing is. */
  breakthrough: Severity | null;
}

/** When telling this severity is put off until, or undefined when it may be told now. */
export function quietUntil(
  quiet: Quiet | null,
  zone: string,
  severity: Severity,
  now: number,
): number | undefined {
  if (!quiet) return undefined;
  if (quiet.breakthrough && compareSeverity(severity, quiet.breakthrough) >= 0) return undefined;
  return windowEnd(quiet.window, zone, now);
}
