// What does not fit between a rule and what is there: a field that no event has, no event at all, a list that nobody keeps.
import { fieldsOf, listsOf } from '#core/condition.ts';
import { nearest } from '#core/nearest.ts';
import { defaultKey, isDefaultKey, type Rule } from '#core/rule.ts';
import type { CatalogueTopic } from '#core/topic-picture.ts';
import type { Reader } from '#store/connection.ts';
import { catalogue } from '#store/declared-topics.ts';
import { listNames } from '#store/lists.ts';
import type { KindBook } from './kind-book.ts';

export type RuleHint =
  /** No event has come under the rule's topic. */
  | { is: 'no-events' }
  /** Events came, and none had this field; `near`: the one that may be meant. */
  | { is: 'no-field'; field: string; near?: string }
  /** Its conditions name a list that its owner does not keep: it is empty; `near`: the one that may be meant. */
  | { is: 'no-list'; list: string; near?: string };

type Looked = Pick<Rule, 'ownerId' | 'topic' | 'match' | 'kind' | 'params' | 'key' | 'bands'>;

/** As much of a topic as the catalogue keeps; beyond, it cannot know that a field never came. */
const [mostTopics, mostFields, mostDepth] = [200, 100, 3];
const own = ['subject', 'source', 'type', 'severity', 'status'];

/** What does not fit now. Nothing is said where the catalogue cannot know. */
export async function ruleHints(db: Reader, book: KindBook, rule: Looked): Promise<RuleHint[]> {
  const lists = await listHints(db, rule);
  const topics = await catalogue(db, [rule.topic], mostTopics + 1);
  if (topics.length > mostTopics) return lists;
  return [...lists, ...hintsFrom(topics, fieldsOfRule(book, rule))];
}

async function listHints(db: Reader, { ownerId, match }: Looked): Promise<RuleHint[]> {
  const asked = listsOf(match);
  if (asked.length === 0) return [];
  const kept = await listNames(db, ownerId);
  return asked
    .filter((list) => !kept.includes(list))
    .map((list) => {
      const near = nearest(list, kept);
      return { is: 'no-list', list, ...(near === undefined ? {} : { near }) };
    });
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
