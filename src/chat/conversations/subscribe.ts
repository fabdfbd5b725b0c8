// The way to a rule: /subscribe, the first contact and “Edit”. Reads what was seen, runs the wizard, saves.
import { sameJson } from '#core/json.ts';
import { editRule } from '#operations/edit-rule.ts';
import { may } from '#operations/may.ts';
import { documentOf } from '#operations/rule-draft.ts';
import { isGeneratedName } from '#operations/rule-name.ts';
import { openAlertsOf } from '#store/alert-lists.ts';
import { listNames } from '#store/lists.ts';
import { receiversOf } from '#store/receivers.ts';
import { findRule, rulesOf } from '#store/rules.ts';
import { targetNames } from '#store/targets.ts';
import { topicsSeen } from '#store/topics.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { firstLine } from '../first-line.ts';
import { html, lines } from '../html.ts';
import * as sayQuestion from '../locales/questions.ts';
import * as refusals from '../locales/refusals.ts';
import * as sayRules from '../locales/rules.ts';
import * as say from '../locales/wizard/rest.ts';
import { placeOf, ruleScreen, savedScreen } from '../rule-screens.ts';
import { createOnce } from '../same-rule.ts';
import { countFor, stopCount, watchCount } from './counting.ts';
import type { Dialogue, Shown } from './dialogue.ts';
import { type Doc, type Draft, documentOfDraft, newDraft, type Seed } from './draft.ts';
import type { Facts } from './facts.ts';
import { neighbours } from './limits.ts';
import type { Given } from './question.ts';
import { questionsOf } from './ways.ts';
import { takeAnswer, viewOf } from './wizard.ts';

export const subscribe: Dialogue<Seed, Draft> = {
  name: 'subscribe',
  takesSlash: ({ at }) => at !== 'name',
  begin: (ctx, seed) => ask(ctx, newDraft(seed)),
  async answer(ctx, draft, heard) {
    if (heard.is === 'place') return undefined;
    stopCount(ctx);
    const given: Given = heard.is === 'press' ? { pressed: heard.answer } : { typed: heard.text };
    const next = takeAnswer(draft, given, await factsFor(ctx, draft));
    if (next.is === 'cancel')
      return { own: draft, screen: { over: { text: sayQuestion.wizardCancelled() } } };
    if (next.is === 'leave')
      return { own: draft, screen: { over: await ruleScreen(ctx, draft.ruleId ?? '') } };
    if (next.is === 'fault') return ask(ctx, draft, next.text);
    if (next.is === 'save') return save(ctx, draft);
    return ask(ctx, next.draft);
  },
};

export interface EditSeed {
  ruleId: string;
  /** The part to begin with; absent: all are offered. */
  part?: string;
}

/** The same wizard on a rule that is there. */
export const edit: Dialogue<EditSeed, Draft> = {
  name: 'edit',
  takesSlash: ({ at }) => at !== 'name',
  async begin(ctx, seed) {
    if ('at' in seed) return ask(ctx, seed);
    const rule = await findRule(ctx.deps.world.database.db, seed.ruleId);
    if (!rule || rule.ownerId !== ctx.ownerId)
      return { own: newDraft({}), screen: { over: { text: html`${sayRules.ruleGone()}` } } };
    const { name, to, key, ...document } = documentOf(rule);
    const told = await receiversOf(ctx.deps.world.database.db, [rule.ownerId]);
    const usual = told.map(placeOf).flatMap(({ id, here }) => (here ? [id] : []));
    const doc = {
      ...document,
      // What nobody chose is no part of it.
      ...(isGeneratedName(rule, ctx.deps.book) ? {} : { name }),
      ...(usual.join() === to?.join() ? {} : { to }),
      ...(key?.join() === 'source,subject' ? {} : { key }),
    } as Doc;
    const draft: Draft = {
      at: seed.part ?? 'change',
      trail: [],
      doc,
      asked: [],
      ruleId: rule.id,
      before: doc,
    };
    return ask(ctx, { ...draft, asked: questionsOf(draft, await factsFor(ctx, draft)) });
  },
  answer: subscribe.answer,
};

async function ask(ctx: ChatContext, draft: Draft, fault?: string): Promise<Shown<Draft>> {
  const facts = await factsFor(ctx, draft);
  const counts = draft.at === 'preview' || draft.at === 'events';
  const counted = counts && !draft.uncounted ? await countOf(ctx, draft, facts) : undefined;
  const screen = (count: Facts['count']) => {
    const bare = viewOf(draft, count ? { ...facts, count } : facts);
    const view =
      facts.inGroup && draft.typing ? { ...bare, text: lines(bare.text, sayQuestion.replyHere()) } : bare;
    return fault === undefined ? view : { ...view, text: lines(refusals.refused(fault), view.text) };
  };
  const isOpen = counted && !counted.result && counted.problem === undefined;
  if (!isOpen || draft.at !== 'preview') return { own: draft, screen: screen(counted) };
  const also = ['events', 'count', ...limitsOf(draft).map((limit) => `variant ${limit}`)];
  return {
    own: draft,
    screen: { ...screen(counted), also },
    later: (again) => watchCount(ctx, (count) => again(screen(count))),
  };
}

function countOf(ctx: ChatContext, draft: Draft, facts: Facts) {
  // A paused rule would tell nothing; what is asked is what it would tell otherwise.
  const { paused: _paused, shadow: _shadow, ...document } = documentOfDraft(draft);
  return countFor(ctx, { ownerId: ownerOf(ctx, draft, facts), document, limits: limitsOf(draft) });
}

function limitsOf({ doc }: Draft): number[] {
  const limit = doc.kind === 'threshold' ? doc.params?.limit : undefined;
  return typeof limit === 'number' ? neighbours(limit) : [];
}

function ownerOf(ctx: ChatContext, draft: Draft, facts: Facts): string {
  const isGroups = facts.group !== undefined && draft.whom !== 'me';
  return isGroups && ctx.group ? ctx.group.id : whoOf(ctx).person.id;
}

async function save(ctx: ChatContext, draft: Draft): Promise<Shown<Draft>> {
  const { ruleId } = draft;
  const facts = await factsFor(ctx, draft);
  if (ruleId === undefined) {
    const made = await createOnce(ctx, ownerOf(ctx, draft, facts), documentOfDraft(draft));
    if (!made.ok) return ask(ctx, draft, made.text);
    return { own: draft, screen: { over: await savedScreen(ctx, made.rule, made) } };
  }
  const changes: Record<string, unknown> = {};
  for (const part of new Set([...Object.keys(draft.doc), ...Object.keys(draft.before ?? {})]) as Set<
    keyof Doc
  >)
    if (!sameJson(draft.doc[part], draft.before?.[part])) changes[part] = draft.doc[part] ?? null;
  const input = { ruleId, changes, book: ctx.deps.book };
  const done = await editRule(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
  if (!done.ok) return ask(ctx, draft, done.text);
  const screen = await ruleScreen(ctx, ruleId);
  return { own: draft, screen: { over: { ...screen, text: lines(say.savedNow(), screen.text) } } };
}

/** The catalogue, and what whoever the rule is for has. */
async function factsFor(ctx: ChatContext, draft: Draft): Promise<Facts> {
  const { world, book, publicUrl } = ctx.deps;
  const { db } = world.database;
  const inGroup = ctx.group !== undefined;
  const group = ctx.group && may(whoOf(ctx).actor, 'rule', ctx.group.id) ? ctx.group.title : undefined;
  const bare: Facts = {
    topics: await topicsSeen(db, { limit: 200 }),
    book,
    zone: draft.whom === 'me' ? ctx.settings.zone : ctx.zone,
    now: ctx.now,
    curl: firstLine(publicUrl),
    mayGiveKeys: whoOf(ctx).person.role !== 'member',
    ...(group === undefined ? {} : { group }),
    ...(inGroup ? { inGroup } : {}),
  };
  const owner = ownerOf(ctx, draft, bare);
  const told = await receiversOf(db, [owner]);
  const rules = await rulesOf(db, [owner]);
  const open = draft.ruleId === undefined ? [] : await openAlertsOf(db, [owner], 1000);
  return {
    ...bare,
    receivers: told.filter(({ disabled }) => disabled === null).map(placeOf),
    lists: await listNames(db, owner),
    rules: rules.filter(({ id }) => id !== draft.ruleId).map(({ name }) => name),
    targets: await targetNames(db),
    open: open.filter(({ ruleId }) => ruleId === draft.ruleId).length,
  };
}
