// A rule in plain words: its sentence with the hours, and a line for everything else that it says.
import { parseWhen, printWhen } from '#core/bands.ts';
import { parseDuration, sayDuration } from '#core/duration.ts';
import type { RuleDocument } from '#core/rule.ts';
import type { Severity } from '#core/severity.ts';
import type { KindBook } from '#operations/kind-book.ts';
import { bold, code, type Html, html, short } from './html.ts';
import * as labels from './locales/labels.ts';
import * as sayRules from './locales/rules.ts';

type Band = NonNullable<RuleDocument['bands']>[number];

export interface Telling {
  /** `told to you here` */
  told: string;
  receivers: readonly { id: string; label: string; here: boolean }[];
}

/** The rule's sentence, and what it says besides, a line each. */
export function ruleLines(rule: RuleDocument, book: KindBook, telling: Telling): Html[] {
  const { match = [], key, emit, unless = [], verify, shadow, name } = rule;
  const keeps = spanOf(rule.keepFiringFor);
  return [
    ...(name === undefined || sayRules.shows(name, rule.topic, describe(rule, book))
      ? []
      : [bold(short(name, 100))]),
    sentence(rule, book, telling),
    ...(match.length > 0 ? [html`Only where ${code(match.join(' and '), 300)}.`] : []),
    ...(keyLine(key) ?? []),
    ...(keeps > 0 ? [html`It is over when the end has lasted ${sayDuration(keeps)}.`] : []),
    ...(emit === undefined ? [] : [html`It also becomes an event of ${code(emit, 100)}.`]),
    ...unless.map(({ rule: other }) => html`Not while “${short(other, 60)}” burns.`),
    ...(verify === undefined
      ? []
      : [html`Before I tell it I ask ${code(verify, 100)}: while that answers, you hear nothing.`]),
    ...(shadow ? [html`On trial: it watches and tells nobody.`] : []),
  ];
}

function keyLine(key: string[] | undefined): Html[] | undefined {
  if (!key || key.join() === 'source,subject') return undefined;
  if (key.length === 0) return [html`All of it is one alert.`];
  return [html`One alert for each ${short(key.join(' and '), 80)}.`];
}

function sentence(rule: RuleDocument, book: KindBook, telling: Telling): Html {
  const wait = spanOf(rule.for);
  const lasting = wait > 0 ? ` for ${sayDuration(wait)}` : '';
  const bad = rule.severity ? `; ${labels.severityLabel(rule.severity)}` : '';
  const does = short(doesWords(rule, book, telling), 400);
  return html`${bold(html`Any ${code(rule.topic)}`)}: ${does}${lasting}${bad}; ${toldWords(rule.to, telling)}.`;
}

/** What it does, with its hours: `usage over 90 (Mon–Fri 9–18), over 97 otherwise`. */
export function doesWords(rule: RuleDocument, book: KindBook, telling: Telling): string {
  const { bands = [], params = {} } = rule;
  if (bands.length === 0) return describe(rule, book);
  const rows: Band[] = bands.some(({ when }) => when === 'otherwise')
    ? bands
    : [...bands, { when: 'otherwise' }];
  let said = false;
  const words = rows.map((band) => {
    const hours = band.when === 'otherwise' ? ' otherwise' : ` (${sayWhen(band.when)})`;
    if (band.off) return `nothing${hours}`;
    const whole = describe({ ...rule, params: { ...params, ...band.params } }, book);
    const field = `${String(params.field ?? '')} `;
    const short = said && whole.startsWith(field) ? whole.slice(field.length) : whole;
    said = true;
    const bad = band.severity ? ` ${labels.severityLabel(band.severity as Severity)}` : '';
    const there = band.to ? ` ${placesOf(band.to, telling)}` : '';
    return `${short}${hours}${bad}${there}`;
  });
  return words.join(', ');
}

/** Where the rule is told: in this chat unless something else was chosen. */
function toldWords(to: string[] | undefined, { told, receivers }: Telling): string {
  const here = receivers.filter((one) => one.here).map(({ id }) => id);
  const chosen = to ?? here;
  const others = chosen.filter((id) => !here.includes(id)).map((id) => nameOf(id, receivers));
  if (others.length === 0) return chosen.length === 0 ? sayRules.toldNowhere : told;
  const isHere = chosen.some((id) => here.includes(id));
  return `${isHere ? `${told} and` : 'told'} at ${others.join(' and ')}`;
}

/** `here`, `at home`, `here and at home` */
function placesOf(to: string[], { receivers }: Telling): string {
  const isHere = receivers.some(({ id, here }) => here && to.includes(id));
  const others = to
    .filter((id) => !receivers.some((one) => one.here && one.id === id))
    .map((id) => nameOf(id, receivers));
  const there = others.length === 0 ? [] : [`at ${others.join(' and ')}`];
  return [...(isHere ? ['here'] : []), ...there].join(' and ');
}

function nameOf(id: string, receivers: Telling['receivers']): string {
  return short(receivers.find((one) => one.id === id)?.label ?? id, 40);
}

/** Hours as people write them: `Mon–Fri 9–18`. */
export function sayWhen(when: string): string {
  const read = parseWhen(when);
  const text = read.ok ? printWhen(read.when) : when;
  return text
    .replace(/\b0?(\d{1,2}):00\b/g, '$1')
    .replace(/\b0(\d:\d\d)/g, '$1')
    .replace(/(\w)-(\w)/g, '$1–$2')
    .replace(/,/g, ', ');
}

function describe({ kind, params = {} }: Pick<RuleDocument, 'kind' | 'params'>, book: KindBook): string {
  const checked = book.check(kind, params);
  return checked.ok ? book.describe(kind, checked.params) : book.title(kind);
}

function spanOf(value: string | number | undefined): number {
  return typeof value === 'number' ? value : (parseDuration(value ?? '0s') ?? 0);
}
