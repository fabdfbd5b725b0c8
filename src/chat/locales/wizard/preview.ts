// What the wizard says at its end: the rule so far, what it would have told, and what an edit changes.
import { sayDuration } from '#core/duration.ts';
import { asText, sayNumber } from '#core/field.ts';
import { sayInstant } from '#core/hours.ts';
import type { Json } from '#core/json.ts';
import type { BackTest, WouldBe } from '#operations/back-test-book.ts';
import type { KindBook } from '#operations/kind-book.ts';
import { code, fold, type Html, html, lines, short } from '../../html.ts';
import { sayWhen } from '../../rule-words.ts';
import { backTestLine } from '../back-test.ts';
import { countOf } from '../count-of.ts';
import type { Band, Doc } from './hours.ts';

export const onlySome = 'Only some …';
export const trialOn = 'On trial';
export const trialOff = 'End the trial';
export const stopCounting = 'Stop counting';
export const count = 'Count what it would tell';
export const nothingChanged = 'Nothing is different yet.';
export const variant = (limit: string, told: number) => `At ${limit}: ${told.toLocaleString('en-US')} ×`;
export const showThem = (told: number) =>
  told === 1 ? 'Show it' : `Show the ${told.toLocaleString('en-US')}`;

export function answersSoFar(
  draft: { doc: Doc; way?: string; ruleId?: string },
  { book }: { book: KindBook },
): Html | undefined {
  const { topic, kind, params = {}, match = [] } = draft.doc;
  if (topic === undefined) return undefined;
  const checked = kind === undefined ? undefined : book.check(kind, params);
  const what = checked?.ok ? book.describe(kind!, checked.params) : String(params.field ?? '');
  return lines(
    html`Topic: ${code(topic)}`,
    what !== '' && html`${checked?.ok ? 'Tell' : 'About'}: ${short(what, 120)}`,
    match.length > 0 && html`Only: ${code(match.join(' and '), 200)}`,
    html``,
  );
}

export function preview(
  sentence: Html[],
  changed: Html | undefined,
  facts: { count?: { fraction: number; result?: BackTest; problem?: string } },
): Html {
  const { count } = facts;
  const told =
    count &&
    (count.result
      ? backTestLine(count.result)
      : count.problem !== undefined
        ? html`${count.problem}`
        : html`Counting what it would have told you: ${Math.floor(count.fraction * 100)} % …`);
  return lines(changed, ...sentence, told, changed === undefined && html`Is it right so?`);
}

export function changes(
  all: { part: string; old: string; fresh: string }[],
  { open, ends }: { open: number; ends: boolean },
): Html {
  if (all.length === 0) return html`As it is now:`;
  const rows = all.map(
    ({ part, old, fresh }) =>
      html`${partName(part)}: ${code(old === '' ? 'none' : old, 120)} → ${code(fresh === '' ? 'none' : fresh, 120)}`,
  );
  const alerts = countOf(open, 'open alert', 'open alerts');
  const fate =
    open === 0
      ? undefined
      : ends
        ? html`It asks about other things then: its ${alerts} end${open === 1 ? 's' : ''}, and whoever heard of ${open === 1 ? 'it' : 'them'} is told.`
        : html`Its ${alerts} stay${open === 1 ? 's' : ''} open; the next event decides.`;
  return lines(...rows, fate, html``);
}

export const changeWhich = (sentence: Html[]) => lines(...sentence, html`What shall be different?`);
export const partName = (part: string) =>
  ({
    topic: 'Topic',
    what: 'What',
    only: 'Only some',
    match: 'Only some',
    key: 'Per what',
    hours: 'Hours',
    bands: 'Hours',
    for: 'How long',
    keepFiringFor: 'End lasts',
    severity: 'Severity',
    told: 'Told where',
    to: 'Told where',
    name: 'Name',
    emit: 'Becomes an event',
    unless: 'Not while',
    verify: 'Ask first',
    whom: 'Who',
    shadow: 'On trial',
  })[part] ?? part;

/** A part of a rule as a person compares it. */
export function partValue(part: string, value: unknown, label: (id: string) => string): string {
  if (value === undefined || value === null) {
    const none: Record<string, string> = {
      for: 'at once',
      severity: 'as the event says',
      match: 'all',
      bands: 'all hours',
      shadow: 'no',
    };
    return none[part] ?? '';
  }
  if (value === true) return 'yes';
  if (part === 'bands')
    return (value as Band[])
      .map(({ when, params, off, to }) => {
        const limit = Object.values(params ?? {})
          .map((one) => asText(one as Json) ?? '')
          .join(' ');
        const told = to ? ` at ${to.map(label).join(' and ')}` : '';
        return `${sayWhen(when)}${off ? ' nothing' : limit === '' ? '' : ` ${limit}`}${told}`;
      })
      .join(', ');
  if (part === 'unless') return (value as { rule: string }[]).map(({ rule }) => rule).join(', ');
  if (part === 'to') return (value as string[]).map(label).join(', ');
  if (part === 'match') return (value as string[]).join(' and ');
  if (typeof value === 'number') return sayNumber(value);
  return Array.isArray(value) ? value.join(', ') : String(value);
}

export function wouldBe(facts: { count?: { result?: BackTest }; zone: string; now: number }): Html {
  const result = facts.count?.result;
  if (!result) return html`There is nothing to show yet.`;
  const one = (alert: WouldBe) =>
    html`${sayInstant(alert.at, facts.zone, facts.now)} ${code(alert.subject, 40)} ${short(alert.text, 60)}${alert.overAt !== null && alert.overAt > alert.at ? html`, over after ${sayDuration(alert.overAt - alert.at)}` : ''}`;
  const first = result.first.map(one);
  const last = result.last.map(one);
  const between = result.leftOut > 0 ? [html`… ${countOf(result.leftOut, 'more', 'more')} …`] : [];
  const all = [...first, ...between, ...last];
  return lines(
    backTestLine(result),
    all.length === 0 ? undefined : all.length > 8 ? fold(all) : lines(...all),
    result.heldByQuiet > 0 &&
      html`${countOf(result.heldByQuiet, 'would have waited', 'would have waited')} until your quiet hours were over.`,
    result.burning > 0 && html`${countOf(result.burning, 'would still burn', 'would still burn')}.`,
  );
}
