// What a rule is called when nobody gave it a name: what it does, and where another does nearly the same, what tells it apart.
import { nameBands } from '#core/bands.ts';
import { printCondition } from '#core/condition.ts';
import { cut } from '#core/cut.ts';
import { sayDuration } from '#core/duration.ts';
import type { Rule } from '#core/rule.ts';
import type { Receiver } from '#store/receivers.ts';
import { isHome } from './home.ts';
import type { KindBook } from './kind-book.ts';

type NamedParts = Pick<
  Rule,
  'topic' | 'kind' | 'params' | 'bands' | 'forMs' | 'severity' | 'match' | 'shadow'
>;
type Told = Pick<Receiver, 'id' | 'label' | 'channel' | 'topic'>;

const most = 100;
/** Stands before where a rule tells; a receiver may have got another name since. */
const tells = ', to ';
const mostPlaces = 50;

/** The name that the rule has when nobody gave it one. */
export function generatedName(
  rule: Pick<Rule, 'topic' | 'kind' | 'params' | 'bands'>,
  book: KindBook,
): string {
  const description = book.describe(rule.kind, rule.params);
  const field = `${rule.topic.split('.').at(-1)} `;
  // “disk.usage over 90” instead of “disk.usage: usage over 90”.
  const name = description.startsWith(field)
    ? `${rule.topic} ${description.slice(field.length)}`
    : description === ''
      ? rule.topic
      : `${rule.topic}: ${description}`;
  const hours = rule.bands?.length ? ` (${nameBands(rule.bands)})` : '';
  return cut(`${name.trim()}${hours}`, most);
}

/** Whether the document says how the rule is called. */
export function isNamed(document: unknown): boolean {
  return typeof (document as { name?: unknown } | null)?.name === 'string';
}

/** Whether nobody gave the rule its name: it is the plain one, or one that tells it from a rule beside it. */
export function isGeneratedName(rule: NamedParts & { name: string }, book: KindBook): boolean {
  const full = fullName(rule, book);
  if ([generatedName(rule, book), cut(full, most)].includes(rule.name)) return true;
  const end = rule.name.lastIndexOf(tells);
  return end > 0 && rule.name.slice(0, end) === cut(full, Math.min(end, full.length));
}

/** The name of a draft that was given none, among rules that have these: equal ones are told apart where that is possible. */
export function nameBeside(
  draft: NamedParts & Pick<Rule, 'name' | 'to'>,
  taken: readonly string[],
  book: KindBook,
  told: readonly Told[],
): string {
  if (!taken.includes(draft.name)) return draft.name;
  const full = fullName(draft, book);
  if (!taken.includes(cut(full, most))) return cut(full, most);
  const places = `${tells}${cut(placesOf(draft, told), mostPlaces)}`;
  return `${cut(full, most - places.length)}${places}`;
}

function fullName(rule: NamedParts, book: KindBook): string {
  const { forMs, severity, match, shadow } = rule;
  const more = [
    forMs > 0 ? ` for ${sayDuration(forMs)}` : '',
    match.length > 0 ? ` where ${match.map(printCondition).join(' and ')}` : '',
    severity ? `, ${severity}` : '',
    shadow ? ', on trial' : '',
  ].join('');
  return `${generatedName(rule, book)}${more}`;
}

function placesOf({ to, bands = [] }: Pick<Rule, 'to' | 'bands'>, told: readonly Told[]): string {
  const ids = new Set([...to, ...bands.flatMap((band) => band.to ?? [])]);
  const there = told.filter(({ id }) => ids.has(id));
  const places = [
    ...there.filter(isHome).map(() => 'Telegram'),
    ...there.filter((one) => !isHome(one)).map(({ label }) => label),
  ];
  return places.length === 0 ? 'nobody' : [...new Set(places)].join(' and ');
}
