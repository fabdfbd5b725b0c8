// Pause a rule, and let it go on.
import { type Actor, actorRef } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import { saveRule } from '#store/rules.ts';
import { authorise } from './may.ts';
import { because, holdRule, withdrawAlerts } from './withdraw-rule.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/**
 * Pauses a rule or ends its pause. Pausing ends its open alerts, and whoever heard of them is told why; what still
 * burns afterwards is told anew. Asking for what is so already is a conflict.
 */
export function pauseRule(
  world: World,
  actor: Actor,
  input: { ruleId: string; paused: boolean },
  now: number,
): Promise<Outcome<{ rule: Rule }>> {
  const { ruleId, paused } = input;
  return write(world, actor, paused ? 'pause-rule' : 'unpause-rule', now, async (tx) => {
    const before = await holdRule(tx, ruleId);
    if (!before) return refuse('not-found', 'I do not know this rule any more.');
    const refused = await authorise(tx, actor, 'rule', before.ownerId);
    if (refused) return refused;
    if (before.paused === paused)
      return refuse('conflict', paused ? 'This rule is paused already.' : 'This rule is watching already.');
    const { version: _version, ...same } = before;
    const rule = await saveRule(tx, { ...same, paused }, actorRef(actor), now);
    const rings = paused ? await withdrawAlerts(tx, before, because('paused', actor), now) : [];
    return { ok: true, result: { rule }, target: rule.id, detail: { name: rule.name }, rings };
  });
}
