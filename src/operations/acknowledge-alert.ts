// Acknowledge: somebody has seen it and takes care of it.
import type { Actor } from '#core/actor.ts';
import type { AlertNamed } from './by-sight.ts';
import { type AlertOutcome, stepOneAlert } from './step-alert.ts';
import type { World } from './world.ts';

/** Acknowledges a firing alert; conflict with the current truth when it is acknowledged, over or not firing yet. */
export function acknowledgeAlert(
  world: World,
  actor: Actor,
  input: AlertNamed,
  now: number,
): Promise<AlertOutcome> {
  return stepOneAlert(
    world,
    actor,
    'acknowledge-alert',
    input,
    { signal: { is: 'acknowledge', by: actor } },
    now,
  );
}
