// Delete a rule: its wish ends, and so do its alerts.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import { removeRule } from '#store/rules.ts';
import { authorise } from './may.ts';
import { documentOf } from './rule-draft.ts';
import { because, holdRule, withdrawAlerts } from './withdraw-rule.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Deletes a rule and ends its open alerts; whoever heard of them is told why. The audit trail keeps its document. */
export function deleteRule(
  world: World,
  actor: Actor,
  input: { ruleId: string },
  now: number,
): Promise<Outcome<{ rule: Rule }>> {
  return write(world, actor, 'delete-rule', now, async (tx) => {
    const rule = await holdRule(tx, input.ruleId);
    if (!rule) return refuse('not-found', 'This rule is deleted already.');
    const refused = await authorise(tx, actor, 'rule', rule.ownerId);
    if (refused) return refused;
    await removeRule(tx, rule.id, now);
    const rings = await withdrawAlerts(tx, rule, because('deleted', actor), now);
    const detail = JSON.parse(JSON.stringify({ ownerId: rule.ownerId, ...documentOf(rule) }));
    return { ok: true, result: { rule }, target: rule.id, detail, rings };
  });
}
