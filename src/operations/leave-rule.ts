// Leave a rule as it is although it was put aside often: it is not offered to make it quieter for a month.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { pauseMs } from '#core/tuning.ts';
import { findRule } from '#store/rules.ts';
import { leaveUntil } from '#store/tunings.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Until when it is left alone. */
export function leaveRule(
  world: World,
  actor: Actor,
  input: { ruleId: string },
  now: number,
): Promise<Outcome<{ until: number }>> {
  return write(world, actor, 'leave-rule', now, async (tx) => {
    const rule = await findRule(tx, input.ruleId);
    if (!rule) return refuse('not-found', 'I do not know this rule any more.');
    const refused = await authorise(tx, actor, 'rule', rule.ownerId);
    if (refused) return refused;
    const until = now + pauseMs.left;
    await leaveUntil(tx, rule.id, until);
    return { ok: true, result: { until }, target: rule.id };
  });
}
