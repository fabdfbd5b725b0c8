// Unsnooze: an alert that was put off is told of again now.
import type { Actor } from '#core/actor.ts';
import { type AlertOutcome, stepOneAlert } from './step-alert.ts';
import type { World } from './world.ts';

/** Ends a snooze before its time; conflict with the current truth when the alert is not put off. */
export function unsnoozeAlert(
  world: World,
  actor: Actor,
  input: { alertId: string },
  now: number,
): Promise<AlertOutcome> {
  return stepOneAlert(
    world,
    actor,
    'unsnooze-alert',
    { alertId: input.alertId },
    async () => ({ signal: { is: 'wake', by: actor } }),
    now,
  );
}
