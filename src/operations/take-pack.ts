// Take a pack: its rules become the taker's own, with the blanks filled in; all of them or none.
import { type Actor, actorRef } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { type Answers, fillPack } from '#core/pack.ts';
import type { Rule } from '#core/rule.ts';
import { findPack } from '#store/packs.ts';
import { rulesOf, saveRule } from '#store/rules.ts';
import type { KindBook } from './kind-book.ts';
import { authorise } from './may.ts';
import { draftRule, type Fault } from './rule-draft.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const mostRules = 500;

export type TakenOutcome = Outcome<{ rules: Rule[]; already: boolean }> & { faults?: Fault[] };

/** Makes the rules for `ownerId`. A second press finds those of the first: `already`, as long as one of them is there. */
export function takePack(
  world: World,
  actor: Actor,
  input: { ownerId: string; packId: string; answers: Answers; book: KindBook },
  now: number,
): Promise<TakenOutcome> {
  return write<{ rules: Rule[]; already: boolean }>(world, actor, 'take-pack', now, async (tx) => {
    const refused = await authorise(tx, actor, 'rule', input.ownerId);
    if (refused) return refused;
    const pack = await findPack(tx, input.packId);
    if (!pack) return refuse('not-found', 'This pack is no longer offered.');
    const there = await rulesOf(tx, [input.ownerId]);
    const taken = there.filter(({ origin, id }) => origin?.pack === pack.id || id === pack.ruleId);
    if (taken.length > 0)
      return { ok: true, result: { rules: taken, already: true }, target: pack.id, unchanged: true };
    if (there.length + pack.rules.length > mostRules)
      return refuse('conflict', `There can be ${mostRules} rules here. Delete some first.`);
    const missing = pack.asks.filter(({ name }) => !Object.hasOwn(input.answers, name));
    if (missing.length > 0)
      return refuse('invalid', `An answer is missing: ${missing.map(({ label }) => label).join(', ')}.`);
    const drafts = [];
    for (const [at, document] of fillPack(pack, input.answers).entries()) {
      const origin = { pack: pack.id, version: pack.version, at };
      const drafted = await draftRule(tx, input.book, input.ownerId, { ...document, origin });
      if (!drafted.ok) return drafted;
      drafts.push(drafted.draft);
    }
    const rules: Rule[] = [];
    for (const draft of drafts)
      rules.push(await saveRule(tx, { id: world.id('r'), ...draft }, actorRef(actor), now));
    const detail = { ownerId: input.ownerId, version: pack.version, rules: rules.map(({ id }) => id) };
    return { ok: true, result: { rules, already: false }, target: pack.id, detail };
  });
}
