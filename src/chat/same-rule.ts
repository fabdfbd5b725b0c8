// Saving a wish that is there already: after a lost answer, a double tap or a kill, it is one rule, not two.
import { printDuration } from '#core/duration.ts';
import { defaultKey, type Rule, type RuleDocument } from '#core/rule.ts';
import { createRule, type RuleOutcome } from '#operations/create-rule.ts';
import { documentOf } from '#operations/rule-draft.ts';
import { receiversOf } from '#store/receivers.ts';
import { ruleMadeAt, rulesOf } from '#store/rules.ts';
import { type ChatContext, whoOf } from './context.ts';
import { topicHome } from './forum.ts';

/** `known`: it was there before this was asked. `beside`: another says the same under another name. */
export type MadeOnce = RuleOutcome & { known?: true; beside?: Rule };

/** Makes the rule, telling in the topic in which it is made unless it says where, or returns the one of this owner that says exactly the same and is not paused. */
export async function createOnce(ctx: ChatContext, ownerId: string, said: RuleDocument): Promise<MadeOnce> {
  const { world, book } = ctx.deps;
  const home = said.to === undefined ? await topicHome(ctx, ownerId) : undefined;
  const document = home === undefined ? said : { ...said, to: [home] };
  let beside: Rule | undefined;
  const checked = book.check(document.kind, document.params ?? {});
  if (checked.ok) {
    const told = await receiversOf(world.database.db, [ownerId]);
    const idOf = (name: string) =>
      told.find(
        ({ id, channel, label, topic }) =>
          id === name || label === name || (channel === name && topic === ''),
      )?.id ?? name;
    const named = (to: string[]) => to.map(idOf);
    const bands = document.bands?.map((band) => (band.to ? { ...band, to: named(band.to) } : band));
    const wanted = wishOf({ ...document, params: checked.params, ...(bands ? { bands } : {}) });
    const to = document.to && named(document.to);
    const twin = (await rulesOf(world.database.db, [ownerId])).find(
      (rule) => wishOf(documentOf(rule)) === wanted && (to === undefined || sorted(to) === sorted(rule.to)),
    );
    if (twin && (document.name === undefined || document.name === twin.name))
      return { ok: true, rule: twin, ...((await isOld(ctx, twin.id)) ? { known: true } : {}) };
    beside = twin;
  }
  const made = await createRule(world, whoOf(ctx).actor, { ownerId, document, book }, ctx.now);
  return beside ? { ...made, beside } : made;
}

// What is heard a second time, because the first answer was lost, made its rule after it was said.
async function isOld(ctx: ChatContext, ruleId: string): Promise<boolean> {
  const madeAt = await ruleMadeAt(ctx.deps.world.database.db, ruleId);
  return madeAt !== undefined && madeAt + 2_000 < (ctx.msg?.date ?? 0) * 1000;
}

/** Everything that it says but its name; where it is told only when the wish says so. */
function wishOf(document: RuleDocument): string {
  const {
    name: _name,
    to: _to,
    match = [],
    for: wait = 0,
    keepFiringFor = 0,
    key,
    paused,
    ...rest
  } = document;
  const span = (value: string | number) => (typeof value === 'number' ? printDuration(value) : value);
  return sorted({
    ...rest,
    match,
    for: span(wait),
    keepFiringFor: span(keepFiringFor),
    key: key ?? defaultKey,
    paused: paused ?? false,
  });
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, one) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
