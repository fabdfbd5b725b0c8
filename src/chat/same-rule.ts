// Saving a wish that is there already: after a lost answer, a double tap or a kill, it is one rule, not two.
import { printDuration } from '#core/duration.ts';
import { defaultKey, type RuleDocument } from '#core/rule.ts';
import { createRule, type RuleOutcome } from '#operations/create-rule.ts';
import { documentOf } from '#operations/rule-draft.ts';
import { rulesOf } from '#store/rules.ts';
import { type ChatContext, whoOf } from './context.ts';

/** Makes the rule, or returns the one of this owner that says exactly the same and is not paused. */
export async function createOnce(
  ctx: ChatContext,
  ownerId: string,
  document: RuleDocument,
): Promise<RuleOutcome> {
  const { world, book } = ctx.deps;
  const checked = book.check(document.kind, document.params ?? {});
  if (checked.ok) {
    const wanted = wishOf({ ...document, params: checked.params });
    const twin = (await rulesOf(world.database.db, [ownerId])).find(
      (rule) => wishOf(documentOf(rule)) === wanted,
    );
    if (twin && (document.name === undefined || document.name === twin.name)) return { ok: true, rule: twin };
  }
  return createRule(world, whoOf(ctx).actor, { ownerId, document, book }, ctx.now);
}

function wishOf({
  topic,
  kind,
  params = {},
  match = [],
  for: wait = 0,
  keepFiringFor = 0,
  severity,
  key,
  paused = false,
}: RuleDocument): string {
  const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  const span = (value: string | number) => (typeof value === 'number' ? printDuration(value) : value);
  return JSON.stringify([
    topic,
    kind,
    sorted,
    match,
    span(wait),
    span(keepFiringFor),
    severity ?? null,
    key ?? defaultKey,
    paused,
  ]);
}
