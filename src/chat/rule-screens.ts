// Screens about rules: the list, one rule, and what stands after saving one.
import { isGroup } from '#core/owner.ts';
import { defaultKey, type Rule } from '#core/rule.ts';
import { parseWatchLine, printWatchLine } from '#core/watch-line.ts';
import { isHome } from '#operations/home.ts';
import { documentOf } from '#operations/rule-draft.ts';
import { isGeneratedName } from '#operations/rule-name.ts';
import { openAlertsOf } from '#store/alert-lists.ts';
import { findGroup } from '#store/groups.ts';
import { type Receiver, receiversOf } from '#store/receivers.ts';
import { findRule, rulesOf } from '#store/rules.ts';
import type { ChatContext } from './context.ts';
import { type Html, html, lines } from './html.ts';
import * as labels from './locales/labels.ts';
import * as sayRules from './locales/rules.ts';
import { quieter } from './locales/tuning.ts';
import * as say from './locales/words.ts';
import { originRows } from './pack-screens.ts';
import { hintLines, ruleNotes } from './rule-notes.ts';
import { ruleLines } from './rule-words.ts';
import { type Choice, inPairs, type Screen } from './screen.ts';

const perPage = 6;

/** The rules of this place, a page at a time; each opens by its button. */
export async function rulesScreen(ctx: ChatContext, wanted = 0): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const all = await rulesOf(db, [ctx.ownerId]);
  if (all.length === 0)
    return {
      text: sayRules.noRules(isGroup(ctx.ownerId)),
      rows: [[{ label: labels.newRule, action: 'new-rule' }]],
    };
  const open = openCounts(await openAlertsOf(db, [ctx.ownerId], 1000));
  const pages = Math.ceil(all.length / perPage);
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const shown = all.slice(page * perPage, (page + 1) * perPage);
  const numbered = shown.map((rule, i) => ({ rule, number: page * perPage + i + 1 }));
  const text = lines(
    sayRules.rulesTitle(all.length, page, pages),
    ...numbered.map(({ rule, number }) =>
      sayRules.ruleLine(number, rule, doesOf(ctx, rule), open.get(rule.id) ?? 0),
    ),
  );
  const turns: Choice[] = [];
  if (page > 0) turns.push({ label: labels.earlier, action: 'rules', payload: String(page - 1) });
  if (page < pages - 1) turns.push({ label: labels.more, action: 'rules', payload: String(page + 1) });
  const opens = numbered.map(
    ({ rule, number }): Choice => ({ label: `${number}. ${rule.name}`, action: 'rule', payload: rule.id }),
  );
  const rows = inPairs(opens);
  return {
    text,
    rows: [...rows, ...(turns.length > 0 ? [turns] : []), [{ label: labels.newRule, action: 'new-rule' }]],
  };
}

/** One rule with what can be done to it. */
export async function ruleScreen(ctx: ChatContext, ruleId: string): Promise<Screen> {
  const { db } = ctx.deps.world.database;
  const rule = await findRule(db, ruleId);
  const back: Choice[] = [{ label: labels.back, action: 'rules', payload: '0' }];
  // Whose rule it is decides who sees it, not who knows its id.
  if (!rule || rule.ownerId !== ctx.ownerId) return { text: html`${sayRules.ruleGone()}`, rows: [back] };
  const open = openCounts(await openAlertsOf(db, [ctx.ownerId], 1000)).get(rule.id) ?? 0;
  const origin = await originRows(ctx, rule);
  return {
    text: lines(
      sayRules.ruleDetail(rule, open, await wordsOf(ctx, rule)),
      ...(await ruleNotes(ctx, rule)),
      origin.text,
      await lineOf(ctx, rule),
    ),
    rows: [
      [
        {
          label: rule.paused ? labels.resume : labels.pause,
          action: 'pause',
          payload: `${rule.paused ? 'off' : 'on'} ${rule.id}`,
        },
        { label: sayRules.edit, action: 'edit', payload: rule.id },
        { label: labels.remove, action: 'delete', payload: rule.id },
      ],
      [
        { label: sayRules.backTest, action: 'edit', payload: `${rule.id} preview` },
        { label: say.words, action: 'words', payload: rule.id },
        { label: sayRules.sendSample, action: 'sample', payload: rule.id },
        {
          label: rule.shadow ? sayRules.trialOff : sayRules.trialOn,
          action: 'trial',
          payload: `${rule.shadow ? 'off' : 'on'} ${rule.id}`,
        },
      ],
      ...origin.rows.slice(0, -1),
      [{ label: quieter, action: 'tune', payload: rule.id }, ...(origin.rows.at(-1) ?? [])],
      back,
    ],
  };
}

/** After the wizard or /watch: the rule's sentence, and what one may want next. */
export async function savedScreen(
  ctx: ChatContext,
  rule: Rule,
  {
    known = false,
    beside,
    told,
    more = [],
  }: { known?: boolean; beside?: Rule; told?: Html | undefined; more?: Html[] } = {},
): Promise<Screen> {
  return {
    text: lines(
      (known ? sayRules.knownRule : sayRules.saved)(rule, doesOf(ctx, rule), await wordsOf(ctx, rule)),
      told,
      beside && sayRules.besideRule(beside.name),
      // Whoever has more to say has said this, too.
      ...(more.length > 0 ? more : await hintLines(ctx, rule)),
    ),
    rows: [
      [{ label: sayRules.sendSample, action: 'sample', payload: rule.id }],
      [
        { label: labels.myRules, action: 'rules', payload: '0' },
        { label: sayRules.another, action: 'new-rule' },
      ],
    ],
  };
}

/** Everything that the rule says, in words; its name only when it says something else. */
async function wordsOf(ctx: ChatContext, rule: Rule): Promise<Html[]> {
  const { db } = ctx.deps.world.database;
  const all = (await receiversOf(db, [rule.ownerId])).filter(({ disabled }) => disabled === null);
  const { name: _name, ...document } = documentOf(rule);
  return ruleLines(document, ctx.deps.book, {
    told: await toldWhere(ctx, rule),
    receivers: all.map(placeOf),
  });
}

/** What the rule asks, in words of its kind. */
export function doesOf(ctx: ChatContext, rule: Rule): string {
  return ctx.deps.book.describe(rule.kind, rule.params);
}

/** The rule as `/watch` reads it, where one line can say all of it. */
async function lineOf(ctx: ChatContext, rule: Rule): Promise<Html | undefined> {
  if (rule.template || rule.flapping || rule.pilot) return undefined;
  const all = (await receiversOf(ctx.deps.world.database.db, [rule.ownerId])).map(placeOf);
  const label = (id: string) => all.find((one) => one.id === id)?.label ?? id;
  const usual = all.flatMap(({ id, here }) => (here ? [id] : []));
  const {
    topic,
    kind,
    params,
    match,
    forMs,
    keepFiringForMs,
    severity,
    name,
    key,
    emit,
    unless,
    verify,
    shadow,
  } = rule;
  const line = printWatchLine({
    ...{ topic, kind, params, match, forMs, keepFiringForMs },
    ...(severity ? { severity } : {}),
    ...(isGeneratedName(rule, ctx.deps.book) ? {} : { name }),
    ...(key.join() === defaultKey.join() || key.length === 0 ? {} : { key }),
    ...(rule.to.join() === usual.join() ? {} : { to: rule.to.map(label) }),
    ...(emit ? { emit } : {}),
    ...(unless ? { unless } : {}),
    ...(verify ? { verify } : {}),
    ...(shadow ? { shadow } : {}),
    ...(rule.bands
      ? { bands: rule.bands.map(({ to, ...band }) => ({ ...band, ...(to ? { to: to.map(label) } : {}) })) }
      : {}),
  });
  const isWhole = key.length > 0 && line.length < 500 && parseWatchLine(line).ok;
  return isWhole ? sayRules.asOneLine(line) : undefined;
}

/** A receiver as sentences name it; this chat is where rules tell when nothing else was chosen. */
export function placeOf(receiver: Receiver): { id: string; label: string; here: boolean } {
  return { id: receiver.id, label: receiver.label, here: isHome(receiver) };
}

async function toldWhere(ctx: ChatContext, rule: Rule): Promise<string> {
  if (!isGroup(rule.ownerId)) return ctx.group ? sayRules.toldPrivately : sayRules.toldYou;
  const group = await findGroup(ctx.deps.world.database.db, rule.ownerId);
  return sayRules.toldGroup(group?.title ?? '');
}

function openCounts(alerts: { ruleId: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { ruleId } of alerts) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
  return counts;
}
