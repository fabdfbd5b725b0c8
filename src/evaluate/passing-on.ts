// From a step to what is committed: whom it is told to, and what it passes on to other rules.
import type { Rule } from '#core/rule.ts';
import type { World } from '#operations/world.ts';
import type { AlertChange } from '#store/alert-change.ts';
import { stopsEmission } from '#store/emissions.ts';
import type { Told } from './evaluate.ts';

/** The change that a step of this rule is. */
export function changeOf(rule: Rule, { receivers, ...step }: Told): AlertChange {
  return rule.emit === undefined ? { step, receivers } : { step, receivers, rule };
}

/** Counts what is not passed on because the chain is too long. */
export function countStops(world: World, changes: AlertChange[]): void {
  const stopped = changes.filter(stopsEmission).length;
  if (stopped > 0) world.meter.count('tocsin_emissions_stopped_total', {}, stopped);
}
