// The last screens: whether it is right so, what it would have told, and which part shall be different.
import { printDuration } from '#core/duration.ts';
import { sayNumber } from '#core/field.ts';
import { sameJson } from '#core/json.ts';
import { nearest } from '#core/nearest.ts';
import { forgottenBy } from '#core/rule-edit.ts';
import type { Html } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as sayRules from '../locales/rules.ts';
import { ruleHint } from '../locales/topics.ts';
import * as say from '../locales/wizard/preview.ts';
import * as usual from '../locales/wizard/usual.ts';
import { ruleLines } from '../rule-words.ts';
import { type Draft, documentOfDraft, saying, withParam } from './draft.ts';
import { type Facts, topicsUnder } from './facts.ts';
import { type Ask, after, inRows, is, type Option } from './question.ts';
import { mainNumber, wayOfDraft } from './ways.ts';

export const askPreview: Ask = {
  view(draft, facts) {
    const result = facts.count?.result;
    const isNew = draft.ruleId === undefined;
    const told = result?.told ?? 0;
    const counted = draft.uncounted
      ? [{ label: say.count, answer: 'count' }]
      : result && told > 0
        ? [{ label: say.showThem(told), answer: 'events' }]
        : [];
    const name = mainNumber[draft.doc.kind ?? ''];
    const variants = (result && result.events > 0 ? result.variants : []).map(
      ({ limit, told: times }): Option => ({
        label: say.variant(sayNumber(limit), times),
        answer: `variant ${limit}`,
      }),
    );
    const counting = facts.count !== undefined && !result && facts.count.problem === undefined;
    return {
      text: say.preview(
        [...linesOf(draft, facts), ...unseen(draft, facts)],
        isNew ? undefined : say.changes(changesOf(draft, facts), fateOf(draft, facts)),
        facts,
      ),
      rows: [
        [
          { label: labels.save, answer: 'save' },
          ...(counting ? [{ label: say.stopCounting, answer: 'stop' }] : counted),
        ],
        ...(name === 'limit' && variants.length > 0 ? [variants] : []),
        [
          ...(isNew ? [{ label: say.onlySome, answer: 'only' }] : []),
          { label: labels.change, answer: 'change' },
        ],
      ],
    };
  },
  answer(draft, given) {
    if (is('change', given)) return { draft, to: 'change' };
    if (is('only', given)) return { draft, to: 'only' };
    if (is('events', given)) return { draft, to: 'events' };
    if (is('stop', given)) return { draft: { ...draft, uncounted: true }, to: 'stay' };
    if (is('count', given)) return { draft: { ...draft, uncounted: false }, to: 'stay' };
    const limit = Number(after('variant', given));
    if (Number.isFinite(limit) && 'pressed' in given)
      return { draft: withParam(draft, 'limit', limit), to: 'stay' };
    return { fault: usual.pressOne };
  },
};

/** What would have been told, first and last. */
export const askEvents: Ask = {
  view: (_draft, facts) => ({ text: say.wouldBe(facts), rows: [] }),
  answer: (draft) => ({ draft, to: 'preview' }),
};

/** Every part of the rule by its name. */
export const askChange: Ask = {
  view(draft, facts) {
    const options = partsOf(draft, facts).map(
      ([answer, label]): Option => ({ label, answer: `part ${answer}` }),
    );
    options.push({ label: draft.doc.shadow ? say.trialOff : say.trialOn, answer: 'trial' });
    return { text: say.changeWhich(linesOf(draft, facts)), rows: inRows(options, 3) };
  },
  answer(draft, given, facts) {
    if (is('trial', given))
      return { draft: saying(draft, { shadow: draft.doc.shadow ? undefined : true }), to: 'preview' };
    const part = after('part', given);
    if (part === undefined || !partsOf(draft, facts).some(([name]) => name === part))
      return { fault: usual.pressOne };
    return { draft, to: part };
  },
};

function partsOf(draft: Draft, facts: Facts): [string, string][] {
  const { doc } = draft;
  const way = wayOfDraft(draft, facts.book);
  const either = doc.kind === 'absence' ? [doc.params?.cron === undefined ? 'cron' : 'every'] : [];
  const params = facts.book
    .fields(way?.kind ?? '')
    .filter(({ name }) => !either.includes(name) && !(name === 'zone' && doc.params?.cron === undefined))
    .map(({ name, label }): [string, string] => [`p:${name}`, label]);
  return [
    ['topic', say.partName('topic')],
    ['what', say.partName('what')],
    ...params,
    ...['only', 'key', 'hours', 'for', 'severity'].map((name): [string, string] => [
      name,
      say.partName(name),
    ]),
    ...((facts.receivers?.length ?? 0) > 1 ? [['told', say.partName('told')] as [string, string]] : []),
    ...['name', 'emit'].map((name): [string, string] => [name, say.partName(name)]),
    ...((facts.rules?.length ?? 0) > 0 ? [['unless', say.partName('unless')] as [string, string]] : []),
    ...((facts.targets?.length ?? 0) > 0 || doc.verify !== undefined
      ? [['verify', say.partName('verify')] as [string, string]]
      : []),
    ...(facts.group !== undefined && draft.ruleId === undefined
      ? [['whom', say.partName('whom')] as [string, string]]
      : []),
  ];
}

function linesOf(draft: Draft, facts: Facts) {
  const told =
    draft.whom === 'group' || (facts.group !== undefined && draft.ruleId !== undefined)
      ? sayRules.toldGroup(facts.group ?? '')
      : facts.inGroup
        ? sayRules.toldPrivately
        : sayRules.toldYou;
  return ruleLines(documentOfDraft(draft), facts.book, { told, receivers: facts.receivers ?? [] });
}

/** The field that was typed came in no event: said before it is saved, so that nobody waits in vain. */
function unseen({ doc }: Draft, facts: Facts): Html[] {
  const { topic = '', params } = doc;
  const { field } = params ?? {};
  const known = Object.keys(topicsUnder(facts, topic)?.fields ?? {});
  if (typeof field !== 'string' || known.length === 0 || known.length >= mostKnown) return [];
  const bare = field.replace(/^(data|labels)\./, '');
  if (always.includes(bare) || known.some((name) => name === bare || name.startsWith(`${bare}.`))) return [];
  const near = nearest(bare, known);
  return [ruleHint(topic, { is: 'no-field', field, ...(near === undefined ? {} : { near }) })];
}
const always = ['subject', 'source', 'type', 'severity', 'status'];
/** Of so many the catalogue may not know all. */
const mostKnown = 100;

/** Old and new of every part that differs. */
export function changesOf(
  { doc, before = {} }: Draft,
  facts: Facts,
): { part: string; old: string; fresh: string }[] {
  const found: { part: string; old: string; fresh: string }[] = [];
  const label = (id: string) => facts.receivers?.find((one) => one.id === id)?.label ?? id;
  const note = (part: string, old: unknown, fresh: unknown) => {
    if (sameJson(old ?? null, fresh ?? null)) return;
    const sayIt = (value: unknown) => say.partValue(part, value, label);
    found.push({ part, old: sayIt(old), fresh: sayIt(fresh) });
  };
  const [old, fresh] = [before.params ?? {}, doc.params ?? {}];
  if (before.kind !== doc.kind)
    note(
      'what',
      before.kind && facts.book.describe(before.kind, old),
      doc.kind && facts.book.describe(doc.kind, fresh),
    );
  else
    for (const field of facts.book.fields(doc.kind ?? '')) {
      if (sameJson(old[field.name] ?? null, fresh[field.name] ?? null)) continue;
      found.push({
        part: field.label,
        old: say.partValue('param', old[field.name], label),
        fresh: say.partValue('param', fresh[field.name], label),
      });
    }
  const parts = [
    'topic',
    'match',
    'key',
    'bands',
    'for',
    'keepFiringFor',
    'severity',
    'to',
    'name',
    'emit',
    'unless',
    'verify',
    'shadow',
  ] as const;
  for (const part of parts) note(part, plain(before[part]), plain(doc[part]));
  return found;
}

/** What says nothing is as if it were not there. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  return value === printDuration(0) || value === 0 || value === false ? undefined : value;
}

/** What becomes of the open alerts of an edited rule. */
function fateOf({ doc, before }: Draft, { open = 0 }: Facts): { open: number; ends: boolean } {
  if (!before) return { open: 0, ends: false };
  const asked = ({ topic = '', match = [], kind = '', key = [], params = {}, ...rest }: Draft['doc']) =>
    ({ ...rest, topic, match, kind, key, params, paused: false }) as never;
  return { open, ends: forgottenBy(asked(before), asked(doc)) === 'everything' };
}
