// Resolve: somebody says that it is over; everybody who heard of it hears so.
import type { Actor } from '#core/actor.ts';
import { type AlertOutcome, stepOneAlert } from './step-alert.ts';
import type { World } from './world.ts';

/** Ends an open alert by hand; conflict with the current truth when it is over. */
export function resolveAlert(
  world: World,
  actor: Actor,
  input: { alertId: string },
  now: number,
): Promise<AlertOutcome> {
  return stepOneAlert(
    world,
    actor,
    'resolve-alert',
    { alertId: input.alertId },
    async () => ({ signal: { is: 'resolve', by: actor } }),
    now,
  );
}
