// Flapping: a situation that comes and goes too often is held together as one until it is over for good. Pure.
import { sayDuration } from '#core/duration.ts';
import type { Reading } from '#core/reading.ts';
import type { Rule } from '#core/rule.ts';
import type { Standing, Told } from './evaluate.ts';

/** How often it became met within the rule's time, what is seen now included; 0 while that is not flapping. */
export function flaps(
  { flapping }: Rule,
  { firings, alert }: Standing,
  is: Reading['is'],
  now: number,
): number {
  if (!flapping) return 0;
  const begins = is === 'met' && comesBack(alert);
  const times = recent(firings, flapping.withinMs, now).length + (begins ? 1 : 0);
  return times >= flapping.after ? times : 0;
}

/** The reading, with the sentence that says so. */
export function sayFlaps({ flapping }: Rule, reading: Reading, times: number): Reading {
  if (!flapping || times === 0) return reading;
  const often = `flapping: ${times} times in ${sayDuration(flapping.withinMs)}`;
  return { ...reading, text: reading.text === '' ? often : `${reading.text}; ${often}` };
}

/** When it became met, after these steps; as many as the rule may ask about. */
export function firingsAfter(
  { flapping }: Rule,
  before: Standing,
  steps: Told[],
  now: number,
): number[] | null {
  const known = before.firings ?? null;
  if (!flapping) return known;
  const back = before.alert?.status !== 'pending' && comesBack(before.alert);
  const began = steps.some(
    ({ transition: { change, reading } }) =>
      change === 'fired' || (back && change === 'updated' && reading.is === 'met'),
  );
  if (!began) return known;
  return [...recent(known, flapping.withinMs, now), now].slice(-flapping.after);
}

// Nothing burns yet, or its end was waiting to hold.
function comesBack(alert: Standing['alert']): boolean {
  return alert === undefined || alert.status === 'pending' || alert.dueAt !== null;
}

function recent(firings: number[] | null | undefined, withinMs: number, now: number): number[] {
  return (firings ?? []).filter((at) => at > now - withinMs);
}
