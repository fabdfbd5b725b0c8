// Follow a pack: what has changed in it since a rule was taken is taken over; what the owner made different stays.
import type { Actor } from '#core/actor.ts';
import { refuse } from '#core/outcome.ts';
import { blanksOf, type Pack } from '#core/pack.ts';
import type { Rule } from '#core/rule.ts';
import { type Difference, differences } from '#core/rule-differences.ts';
import type { Reader } from '#store/connection.ts';
import { findPack } from '#store/packs.ts';
import { findRule } from '#store/rules.ts';
import type { RuleOutcome } from './create-rule.ts';
import { editRule } from './edit-rule.ts';
import type { KindBook } from './kind-book.ts';
import { documentOf } from './rule-draft.ts';
import type { World } from './world.ts';

/** What a pack says differently than when the rule was taken; undefined: nothing, or there is no such pack any more. */
export interface PackChange {
  pack: Pack;
  /** What taking it over would change in the rule as it is now. */
  differences: Difference[];
  changes: Record<string, unknown>;
}

/** Reads the change of the rule's pack; blanks keep what their owner answered. */
export async function packChangeOf(
  db: Reader,
  rule: Pick<Rule, 'origin'> & Rule,
): Promise<PackChange | undefined> {
  const { origin } = rule;
  if (!origin) return undefined;
  const pack = await findPack(db, origin.pack);
  if (!pack || pack.version <= origin.version) return undefined;
  const before = (await findPack(db, origin.pack, origin.version))?.rules[origin.at] ?? {};
  const after = pack.rules[origin.at] ?? before;
  const own = documentOf(rule) as Record<string, unknown>;
  const changes: Record<string, unknown> = {};
  for (const { part } of differences(before, after)) {
    const [name = '', inner] = part.split('.');
    const fresh = inner === undefined ? after[name] : (after[name] as Record<string, unknown>)?.[inner];
    if (blanksOf(fresh).length > 0) continue;
    if (inner === undefined) changes[name] = fresh ?? null;
    else {
      const params = { ...((changes[name] ?? own[name]) as Record<string, unknown>) };
      if (fresh === undefined) delete params[inner];
      else params[inner] = fresh;
      changes[name] = params;
    }
  }
  return { pack, changes, differences: differences(own, { ...own, ...changes }) };
}

/** Takes the change over, with the rights and effects of any edit. */
export async function followPack(
  world: World,
  actor: Actor,
  input: { ruleId: string; keep: boolean; book: KindBook },
  now: number,
): Promise<RuleOutcome> {
  const { db } = world.database;
  const rule = await findRule(db, input.ruleId);
  if (!rule) return refuse('not-found', 'I do not know this rule any more.');
  const change = await packChangeOf(db, rule);
  if (!change) return refuse('conflict', 'There is nothing new in its pack.');
  const origin = { ...rule.origin!, version: change.pack.version };
  const changes = input.keep ? { origin } : { ...change.changes, origin };
  return editRule(world, actor, { ruleId: rule.id, changes, book: input.book }, now);
}
