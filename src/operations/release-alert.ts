// Release: whoever acknowledged it hands it back.
import type { Actor } from '#core/actor.ts';
import type { AlertNamed } from './by-sight.ts';
import { type AlertOutcome, stepOneAlert } from './step-alert.ts';
import type { World } from './world.ts';

/** Makes an acknowledged alert burn again; conflict with the current truth when nobody had acknowledged it. */
export function releaseAlert(
  world: World,
  actor: Actor,
  input: AlertNamed,
  now: number,
): Promise<AlertOutcome> {
  return stepOneAlert(world, actor, 'release-alert', input, { signal: { is: 'release', by: actor } }, now);
}
