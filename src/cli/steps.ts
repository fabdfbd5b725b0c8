// A verb of several steps, such as `tocsin heartbeat create …`: finds the step, opens the world for it, and closes it.
import { own } from '#core/own.ts';
import type { OperatorWorld } from './operator-world.ts';
import { Misused, type Surroundings, type Verb } from './verb.ts';

/** One step; resolves with the exit code. */
export type Step = (world: OperatorWorld, around: Surroundings) => Promise<number>;
export type Steps = Record<string, Step>;

/** Runs the step that is named first; an unknown one is answered with every line of the usage. */
export function runSteps(usage: readonly string[], steps: Steps): Verb['run'] {
  return async (around) => {
    const [what, ...args] = around.args;
    const step = own(steps, what);
    if (!step) throw new Misused(`Say one of:\n${usage.map((line) => `  tocsin ${line}`).join('\n')}`);
    const world = await around.open();
    try {
      return await step(world, { ...around, args });
    } finally {
      await world.close();
    }
  };
}
