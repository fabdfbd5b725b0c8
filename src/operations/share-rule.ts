// Share a rule: it becomes a pack that others take by a link; shared again, those who took it are told what changed.
import { type Actor, actorRef } from '#core/actor.ts';
import { sameJson } from '#core/json.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Pack } from '#core/pack.ts';
import type { Rule } from '#core/rule.ts';
import { addPack, packOfRule } from '#store/packs.ts';
import { findRule } from '#store/rules.ts';
import { authorise } from './may.ts';
import { tellTakers } from './pack-news.ts';
import { documentOf } from './rule-draft.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** The pack of this rule, in a version that says what the rule says now. Where it is told is not shared. */
export function shareRule(
  world: World,
  actor: Actor,
  input: { ruleId: string },
  now: number,
): Promise<Outcome<{ pack: Pack }>> {
  return write(world, actor, 'share-rule', now, async (tx) => {
    const rule = await findRule(tx, input.ruleId);
    if (!rule) return refuse('not-found', 'I do not know this rule any more.');
    const refused = await authorise(tx, actor, 'rule', rule.ownerId);
    if (refused) return refused;
    const before = await packOfRule(tx, rule.id);
    const rules = [sharedDocument(rule)];
    if (before && sameJson(before.rules, rules))
      return { ok: true, result: { pack: before }, target: before.id, unchanged: true };
    const pack: Pack = {
      id: before?.id ?? world.id('k'),
      version: (before?.version ?? 0) + 1,
      ownerId: rule.ownerId,
      ruleId: rule.id,
      title: rule.name,
      description: before?.description ?? '',
      asks: [],
      rules,
      createdAt: now,
    };
    await addPack(tx, pack, actorRef(actor));
    const rings = before ? await tellTakers(tx, pack, now) : [];
    return {
      ok: true,
      result: { pack },
      target: pack.id,
      detail: { ruleId: rule.id, version: pack.version },
      rings,
    };
  });
}

/** What of a rule others may have: not where it is told, nor its state. Plain JSON. */
function sharedDocument(rule: Rule): Record<string, unknown> {
  const {
    to: _to,
    pilot: _pilot,
    paused: _paused,
    shadow: _shadow,
    origin: _origin,
    bands,
    ...rest
  } = documentOf(rule);
  const shared = { ...rest, ...(bands ? { bands: bands.map(({ to: _own, ...band }) => band) } : {}) };
  return JSON.parse(JSON.stringify(shared));
}
