// Saving a wish that is there already: after a lost answer, a double tap or a kill, it is one rule, not two.
import { type Condition, parseCondition, printCondition } from '#core/condition.ts';
import { printDuration } from '#core/duration.ts';
import { defaultKey, type Rule, type RuleDocument } from '#core/rule.ts';
import { comparesVersions, plainVersion } from '#core/version.ts';
import { createRule, type RuleOutcome } from '#operations/create-rule.ts';
import { atHome } from '#operations/home.ts';
import { documentOf } from '#operations/rule-draft.ts';
import { receiversOf } from '#store/receivers.ts';
import { ruleMadeAt, rulesOf } from '#store/rules.ts';
import { type ChatContext, type ChatDeps, whoOf } from './context.ts';
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
    const to = sorted(document.to ? named(document.to) : atHome(told).map(({ id }) => id));
    const twin = (await rulesOf(world.database.db, [ownerId])).find(
      (rule) => wishOf(documentOf(rule)) === wanted && sorted(rule.to) === to,
    );
    if (twin && (document.name === undefined || document.name === twin.name))
      return { ok: true, rule: twin, ...((await isKnown(ctx, twin.id)) ? { known: true } : {}) };
    beside = twin;
  }
  const made = await createRule(world, whoOf(ctx).actor, { ownerId, document, book }, ctx.now);
  if (made.ok) remember(ctx, made.rule.id);
  return beside ? { ...made, beside } : made;
}

/** Which message made a rule, for the last ones of this process. */
const makers = new WeakMap<ChatDeps, Map<string, string>>();
const mostMakers = 500;

function remember(ctx: ChatContext, ruleId: string): void {
  const made = makers.get(ctx.deps) ?? new Map<string, string>();
  makers.set(ctx.deps, made.set(ruleId, messageOf(ctx)));
  if (made.size > mostMakers) made.delete(made.keys().next().value ?? '');
}

// What is heard a second time, because the first answer was lost, made its rule itself. Only after a restart is it not
// known which message did; then it is told by the time: one that is heard again is older than its rule.
async function isKnown(ctx: ChatContext, ruleId: string): Promise<boolean> {
  const maker = makers.get(ctx.deps)?.get(ruleId);
  if (maker !== undefined) return maker !== messageOf(ctx);
  const madeAt = await ruleMadeAt(ctx.deps.world.database.db, ruleId);
  return madeAt !== undefined && madeAt + 2_000 < (ctx.msg?.date ?? 0) * 1000;
}

function messageOf({ chatId, msg }: ChatContext): string {
  return `${chatId ?? 0}:${msg?.message_id ?? 0}`;
}

/** Everything that it says but its name and where it is told, which has names of several kinds. */
function wishOf(document: RuleDocument): string {
  const {
    name: _name,
    to: _to,
    match = [],
    for: wait = 0,
    keepFiringFor = 0,
    key,
    paused,
    params,
    bands,
    ...rest
  } = document;
  const span = (value: string | number) => (typeof value === 'number' ? printDuration(value) : value);
  return sorted({
    ...rest,
    params: plainBars(params ?? {}),
    ...(bands
      ? { bands: bands.map((band) => (band.params ? { ...band, params: plainBars(band.params) } : band)) }
      : {}),
    match: match.map(plainCondition),
    for: span(wait),
    keepFiringFor: span(keepFiringFor),
    key: key ?? defaultKey,
    paused: paused ?? false,
  });
}

// Among these, a text is a version.
const barNames = ['limit', 'clear', 'critical'];

// What is a number of software in two spellings is one wish.
function plainBars(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      barNames.includes(name) && typeof value === 'string' ? plainVersion(value) : value,
    ]),
  );
}

function plainCondition(text: string): string {
  const read = parseCondition(text);
  return read.ok ? printCondition(plain(read.condition)) : text;
}

function plain(condition: Condition): Condition {
  if ('all' in condition) return { all: condition.all.map(plain) };
  if ('any' in condition) return { any: condition.any.map(plain) };
  if ('not' in condition) return { not: plain(condition.not) };
  if ('list' in condition || !/^[<>]/.test(condition.op)) return condition;
  const { field, value } = condition;
  return comparesVersions(field, value) ? { ...condition, value: plainVersion(value) } : condition;
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, one) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
