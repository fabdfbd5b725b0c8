// What does not fit between a rule and what really comes: a field that no event has, or no event at all.
import { fieldsOf } from '#core/condition.ts';
import { nearest } from '#core/nearest.ts';
import { defaultKey, isDefaultKey, type Rule } from '#core/rule.ts';
import type { Reader } from '#store/connection.ts';
import { type CatalogueTopic, catalogue } from '#store/declared-topics.ts';
import type { KindBook } from './kind-book.ts';

export type RuleHint =
  /** No event has come under the rule's topic. */
  | { is: 'no-events' }
  /** Events came, and none had this field; `near`: the one that may be meant. */
  | { is: 'no-field'; field: string; near?: string };

type Looked = Pick<Rule, 'topic' | 'match' | 'kind' | 'params' | 'key' | 'bands'>;

/** As much of a topic as the catalogue keeps; beyond, it cannot know that a field never came. */
const [mostTopics, mostFields, mostDepth] = [200, 100, 3];
const own = ['subject', 'source', 'type', 'severity', 'status'];

/** What does not fit now. Nothing is said where the catalogue cannot know. */
export async function ruleHints(db: Reader, book: KindBook, rule: Looked): Promise<RuleHint[]> {
  const topics = await catalogue(db, [rule.topic], mostTopics + 1);
  if (topics.length > mostTopics) return [];
  return hintsFrom(topics, fieldsOfRule(book, rule));
}

function hintsFrom(topics: CatalogueTopic[], fields: string[]): RuleHint[] {
  const seen = topics.flatMap((one) => (one.seen && one.seen.count > 0 ? [one.seen] : []));
  if (seen.length === 0) return [{ is: 'no-events' }];
  if (seen.some((one) => Object.keys(one.fields).length >= mostFields)) return [];
  const known = new Set([
    ...seen.flatMap((one) => Object.keys(one.fields)),
    ...topics.flatMap(({ declared }) => Object.keys(declared?.fields ?? {})),
  ]);
  const came = new Set(seen.flatMap((one) => Object.keys(one.fields)));
  const missing = fields.filter((field) => {
    const deep = field.split('.').length > mostDepth;
    const isBranch = [...came].some((name) => name.startsWith(`${field}.`));
    return !deep && !isBranch && !came.has(field);
  });
  return missing.map((field) => {
    const near = nearest(
      field,
      [...known].filter((name) => name !== field),
    );
    return { is: 'no-field', field, ...(near === undefined ? {} : { near }) };
  });
}

/** The fields that the rule looks at, as the catalogue names them. */
export function fieldsOfRule(book: KindBook, { match, kind, params, key }: Looked): string[] {
  const asked = book
    .fields(kind)
    .filter(({ input }) => input === 'field')
    .flatMap(({ name }) => (typeof params[name] === 'string' ? [params[name]] : []));
  const keyed = isDefaultKey(key) ? defaultKey : key;
  const names = [...asked, ...fieldsOf(match), ...keyed].map((name) => name.replace(/^(data|labels)\./, ''));
  return [...new Set(names)].filter((name) => !own.includes(name));
}
