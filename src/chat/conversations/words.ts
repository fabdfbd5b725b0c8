// The words of a rule: its own first line and text, with a live preview of its last alert, saved when they please.
import { sameJson } from '#core/json.ts';
import { isGroup } from '#core/owner.ts';
import type { Rule } from '#core/rule.ts';
import type { Wording } from '#core/wording.ts';
import { editRule } from '#operations/edit-rule.ts';
import { newestAlertOf } from '#store/alert-lists.ts';
import { findRule } from '#store/rules.ts';
import { wordingFor } from '#store/templates.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { html, lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as sayQuestion from '../locales/questions.ts';
import * as sayRules from '../locales/rules.ts';
import * as say from '../locales/words.ts';
import { ruleScreen } from '../rule-screens.ts';
import type { Dialogue, Shown } from './dialogue.ts';

export interface WordsSeed {
  ruleId: string;
  /** What was typed so far; absent: as saved. */
  draft?: Wording;
  /** Which part is asked for. */
  part?: say.Part;
}

export const words: Dialogue<WordsSeed, WordsSeed> = {
  name: 'words',
  begin: (ctx, own) => show(ctx, own),
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return undefined;
    const rule = await findRule(ctx.deps.world.database.db, own.ruleId);
    if (!rule) return gone(own);
    const draft = own.draft ?? rule.template ?? {};
    const { part, ...rest } = own;
    if (heard.is === 'text') {
      if (!part) return show(ctx, own, say.pressOne());
      const next = { ...draft, [part]: heard.text };
      const faults = ctx.deps.templates.check(next);
      return faults.length > 0 ? show(ctx, own, say.faults(faults)) : show(ctx, { ...rest, draft: next });
    }
    switch (heard.answer) {
      case 'back':
        return part ? show(ctx, rest) : over(ctx, own);
      case 'usual': {
        if (!part) return show(ctx, { ...rest, draft: {} });
        const { [part]: _usual, ...others } = draft;
        return show(ctx, { ...rest, draft: others });
      }
      case 'save':
        return save(ctx, own, draft);
      default:
        return show(ctx, { ...rest, part: heard.answer as say.Part });
    }
  },
};

async function show(
  ctx: ChatContext,
  own: WordsSeed,
  problem?: ReturnType<typeof html>,
): Promise<Shown<WordsSeed>> {
  const { templates, world } = ctx.deps;
  const rule = await findRule(world.database.db, own.ruleId);
  if (!rule) return gone(own);
  const draft = own.draft ?? rule.template ?? {};
  const back = { label: labels.back, answer: 'back' };
  if (own.part) {
    const text = say.ask(own.part, draft[own.part], templates.variables);
    const usual = draft[own.part] === undefined ? [] : [{ label: say.usual, answer: 'usual' }];
    return {
      own,
      screen: { text: lines(problem, text, ctx.group && sayQuestion.replyHere()), rows: [[...usual, back]] },
    };
  }
  const { preview, isReal } = await previewOf(ctx, rule, draft);
  const changed = !sameJson(draft, rule.template ?? {});
  const isOwn = Object.keys(draft).length > 0;
  const choices = Object.entries(say.parts).map(([answer, label]) => ({ label, answer }));
  const rows = [
    choices,
    [
      ...(changed ? [{ label: labels.save, answer: 'save' }] : []),
      ...(isOwn ? [{ label: say.usual, answer: 'usual' }] : []),
      back,
    ],
  ];
  return {
    own,
    screen: { text: lines(problem, say.overview(rule.name, preview, isReal, isOwn, changed)), rows },
  };
}

/** The newest alert of the rule, or an example, in these words; what they leave open as the topic or the house says. */
async function previewOf(ctx: ChatContext, rule: Rule, draft: Wording) {
  const { world, templates } = ctx.deps;
  const { db } = world.database;
  const alert = await newestAlertOf(db, rule.id);
  const { units } = await wordingFor(db, { ruleId: rule.id, topic: alert?.topic ?? rule.topic });
  const zone = isGroup(rule.ownerId) ? ctx.zone : ctx.settings.zone;
  const about = { rule: rule.name, units, zone, ...(alert ? { alert } : {}) };
  return { preview: templates.preview(draft, about, ctx.now), isReal: alert !== undefined };
}

async function save(ctx: ChatContext, own: WordsSeed, draft: Wording): Promise<Shown<WordsSeed>> {
  const template = Object.keys(draft).length > 0 ? draft : null;
  const input = { ruleId: own.ruleId, changes: { template }, book: ctx.deps.book };
  const done = await editRule(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
  return done.ok ? over(ctx, own, say.saved) : show(ctx, own, html`${done.text}`);
}

async function over(ctx: ChatContext, own: WordsSeed, toast?: string): Promise<Shown<WordsSeed>> {
  const screen = { over: await ruleScreen(ctx, own.ruleId) };
  return { own, screen, ...(toast === undefined ? {} : { toast }) };
}

function gone(own: WordsSeed): Shown<WordsSeed> {
  return { own, screen: { over: { text: html`${sayRules.ruleGone()}` } } };
}
