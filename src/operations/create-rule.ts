// Create a rule: somebody's wish becomes part of the evaluation.
import { type Actor, actorRef } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import { receiversOf } from '#store/receivers.ts';
import { rulesOf, saveRule } from '#store/rules.ts';
import type { KindBook } from './kind-book.ts';
import { authorise } from './may.ts';
import { documentOf, draftRule, type Fault, refuseRule } from './rule-draft.ts';
import { isNamed, nameBeside } from './rule-name.ts';
import { unlessFaults } from './rule-unless.ts';
import { verifyFaults } from './rule-verify.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** How many rules one person or group may have. */
export const mostRules = 500;

/** A refusal of a bad document carries `faults`: every one, with its path. */
export type RuleOutcome = Outcome<{ rule: Rule }> & { faults?: Fault[] };

/**
 * Makes a rule for `ownerId` from a document (`core/rule.ts`). What it does not say: a name made of what it does, told
 * wherever the owner can be told, one alert per source and subject.
 */
export function createRule(
  world: World,
  actor: Actor,
  input: { ownerId: string; document: unknown; book: KindBook },
  now: number,
): Promise<RuleOutcome> {
  return write(world, actor, 'create-rule', now, async (tx) => {
    const refused = await authorise(tx, actor, 'rule', input.ownerId);
    if (refused) return refused;
    const beside = await rulesOf(tx, [input.ownerId]);
    if (beside.length >= mostRules)
      return refuse('conflict', `There are ${mostRules} rules here already. Delete one first.`);
    const drafted = await draftRule(tx, input.book, input.ownerId, input.document);
    if (!drafted.ok) return drafted;
    const { draft } = drafted;
    const names = beside.map(({ name }) => name);
    const name = isNamed(input.document)
      ? draft.name
      : nameBeside(draft, names, input.book, await receiversOf(tx, [input.ownerId]));
    const made = { id: world.id('r'), ...draft, name };
    const faults = [...(await unlessFaults(tx, made)), ...(await verifyFaults(tx, made))];
    if (faults.length > 0) return refuseRule(faults);
    const rule = await saveRule(tx, made, actorRef(actor), now);
    return { ok: true, result: { rule }, target: rule.id, detail: { ownerId: rule.ownerId, ...plain(rule) } };
  });
}

function plain(rule: Rule) {
  return JSON.parse(JSON.stringify(documentOf(rule)));
}
