// Release: whoever acknowledged it hands it back.
import type { Actor } from '#core/actor.ts';
import { type AlertOutcome, stepOneAlert } from './step-alert.ts';
import type { World } from './world.ts';

/** Makes an acknowledged alert burn again; conflict with the current truth when nobody had acknowledged it. */
export function releaseAlert(
  world: World,
  actor: Actor,
  input: { alertId: string },
  now: number,
): Promise<AlertOutcome> {
  return stepOneAlert(
    world,
    actor,
    'release-alert',
    input.alertId,
    async () => ({ signal: { is: 'release', by: actor } }),
    now,
  );
}
