// A heartbeat that is waited for no longer: its address answers nobody, and its rules end with it.
import type { Actor } from '#core/actor.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import { dropHeartbeat, findHeartbeat } from '#store/heartbeats.ts';
import { removeRule } from '#store/rules.ts';
import { authorise } from './may.ts';
import { because, holdRule, withdrawAlerts } from './withdraw-rule.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Removes a heartbeat, by its id or name, and the rules that were made for it; whoever heard of an alert is told. */
export function removeHeartbeat(
  world: World,
  actor: Actor,
  { heartbeat: named }: { heartbeat: string },
  now: number,
): Promise<Outcome<{ id: string; name: string }>> {
  return write(world, actor, 'remove-heartbeat', now, async (tx) => {
    const heartbeat = await findHeartbeat(tx, named);
    if (!heartbeat) return refuse('not-found', 'There is no such heartbeat.');
    const refused = await authorise(tx, actor, 'rule', heartbeat.ownerId);
    if (refused) return refused;
    const { id, name } = heartbeat;
    const rules: Rule[] = [];
    for (const ruleId of heartbeat.ruleIds.toSorted()) {
      const rule = await holdRule(tx, ruleId);
      if (rule) rules.push(rule);
    }
    // All rules before any alert: evaluations take them in this order, too.
    for (const rule of rules) await removeRule(tx, rule.id, now);
    const rings: Doorbell[] = [];
    for (const rule of rules) rings.push(...(await withdrawAlerts(tx, rule, because('deleted', actor), now)));
    await dropHeartbeat(tx, id);
    return {
      ok: true,
      result: { id, name },
      target: id,
      detail: { name, ruleIds: heartbeat.ruleIds },
      rings,
    };
  });
}
