// Edit a rule: only what is named changes.
import { type Actor, actorRef } from '#core/actor.ts';
import { sameJson } from '#core/json.ts';
import { refuse } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import { forgottenBy } from '#core/rule-edit.ts';
import { receiversOf } from '#store/receivers.ts';
import { rulesOf, saveRule } from '#store/rules.ts';
import type { RuleOutcome } from './create-rule.ts';
import type { KindBook } from './kind-book.ts';
import { authorise } from './may.ts';
import { documentOf, draftRule, refuseRule } from './rule-draft.ts';
import { isGeneratedName, isNamed, nameBeside } from './rule-name.ts';
import { unlessFaults } from './rule-unless.ts';
import { verifyFaults } from './rule-verify.ts';
import { because, holdRule, withdrawAlerts } from './withdraw-rule.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/**
 * Changes parts of a rule's document; null takes a part away. When it asks about other things than before (topic,
 * conditions, kind, key) or is paused by it, its open alerts end, and whoever heard of them is told.
 */
export function editRule(
  world: World,
  actor: Actor,
  input: { ruleId: string; changes: Record<string, unknown>; book: KindBook },
  now: number,
): Promise<RuleOutcome> {
  return write(world, actor, 'edit-rule', now, async (tx) => {
    const before = await holdRule(tx, input.ruleId);
    if (!before) return refuse('not-found', 'I do not know this rule any more.');
    const refused = await authorise(tx, actor, 'rule', before.ownerId);
    if (refused) return refused;
    const document: Record<string, unknown> = { ...documentOf(before), ...input.changes };
    // A name that only said what the rule did says what it does now.
    if (!('name' in input.changes) && isGeneratedName(before, input.book)) delete document.name;
    for (const [part, value] of Object.entries(document)) if (value === null) delete document[part];
    const drafted = await draftRule(tx, input.book, before.ownerId, document);
    if (!drafted.ok) return drafted;
    const { draft } = drafted;
    if (!isNamed(document)) {
      const beside = (await rulesOf(tx, [before.ownerId])).filter(({ id }) => id !== before.id);
      draft.name = nameBeside(
        draft,
        beside.map(({ name }) => name),
        input.book,
        await receiversOf(tx, [before.ownerId]),
      );
    }
    const after = { id: before.id, ...draft };
    // What it waits for or asks may have gone meanwhile: that must not stop other edits.
    const faults = [
      ...('unless' in input.changes ? await unlessFaults(tx, after) : []),
      ...('verify' in input.changes ? await verifyFaults(tx, after) : []),
    ];
    if (faults.length > 0) return refuseRule(faults);
    const changed = changedParts(before, draft);
    if (changed.length === 0)
      return { ok: true, result: { rule: before }, target: before.id, unchanged: true };
    const rule = await saveRule(tx, after, actorRef(actor), now);
    const ends = forgottenBy(before, rule) === 'everything';
    const why = because(rule.paused && !before.paused ? 'paused' : 'changed', actor);
    const rings = ends ? await withdrawAlerts(tx, before, why, now) : [];
    return {
      ok: true,
      result: { rule },
      target: rule.id,
      detail: JSON.parse(JSON.stringify(pick(rule, changed))),
      rings,
    };
  });
}

function changedParts(before: Rule, after: Omit<Rule, 'id' | 'version'>): (keyof Rule)[] {
  const parts = new Set([...Object.keys(after), ...Object.keys(before)] as (keyof typeof after)[]);
  for (const given of ['id', 'version', 'zone', 'lists'] as (keyof Rule)[]) parts.delete(given as never);
  return [...parts].filter(
    // The ledger hands parts back with their names in another order.
    (part) => !sameJson(before[part], after[part]),
  );
}

function pick(rule: Rule, parts: (keyof Rule)[]): Partial<Rule> {
  return Object.fromEntries(parts.map((part) => [part, rule[part]]));
}
