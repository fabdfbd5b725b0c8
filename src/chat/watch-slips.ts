// Names in a /watch line that nobody has sent: what was likely meant, and the line that says so.
import { type Condition, fieldsOf } from '#core/condition.ts';
import { nearest } from '#core/nearest.ts';
import type { SeenTopic } from '#core/seen-topic.ts';
import { topicMatches } from '#core/topic.ts';
import { namesVersion } from '#core/version.ts';
import type { WatchLine } from '#core/watch-line.ts';
import type { Html } from './html.ts';
import * as sayWatch from './locales/watch.ts';

export interface Slips {
  /** A sentence for each name that was never seen. */
  texts: Html[];
  /** The line with the names that were likely meant, and these names; absent: nothing is near. */
  meant?: { line: WatchLine; names: string[] };
}

/** What of these is read from every event, whatever it holds. */
const always = ['subject', 'source', 'type', 'severity', 'status'];

/** Pure. A pattern or a topic of which nothing was seen is no fault: the rule waits for it. */
export function slipsOf(line: WatchLine, topics: readonly SeenTopic[]): Slips {
  const texts: Html[] = [];
  const names: string[] = [];
  let mended = line;
  let seen = topics.filter(({ topic }) => topicMatches(line.topic, topic));
  if (seen.length === 0) {
    const near = nearest(
      line.topic,
      topics.map(({ topic }) => topic),
    );
    texts.push(sayWatch.unseenTopic(line.topic, near));
    if (near === undefined) return { texts };
    names.push(near);
    mended = { ...mended, topic: near };
    seen = topics.filter(({ topic }) => topic === near);
  }
  const known = [...new Set(seen.flatMap(({ fields }) => Object.keys(fields)))];
  for (const field of namesIn(line)) {
    const bare = field.replace(/^(data|labels)\./, '');
    if (known.length === 0 || known.includes(bare) || always.includes(bare)) continue;
    const near = nearest(bare, [...known, ...always]);
    texts.push(sayWatch.unseenField(field, mended.topic, near));
    if (near === undefined) continue;
    names.push(near);
    mended = renamed(mended, field, near);
  }
  return { texts, ...(names.length > 0 ? { meant: { line: mended, names } } : {}) };
}

/** The topic was forgotten and one that was seen has the field, or the field was; undefined: neither. */
export function forgottenTopic(line: string, topics: readonly SeenTopic[]): string | undefined {
  const [, first, rest] =
    /^\s*([^\s<>=≥≤]+)\s*((?:[<>≥≤]|(?:over|above|below|under)\s).*)$/isu.exec(line) ?? [];
  if (first === undefined) return undefined;
  const isTopic = topics.find(({ topic }) => topic === first);
  const field = Object.entries(isTopic?.fields ?? {}).find(([, { type }]) => type === 'number')?.[0];
  if (field !== undefined) return `${first} ${field} ${rest}`;
  const [of] = topics.filter(({ fields }) => Object.hasOwn(fields, first));
  return of && `${of.topic} ${first} ${rest}`;
}

/** The limit is a version, and what the field held so far were numbers. */
export function versionOfNumbers({ topic, kind, params }: WatchLine, topics: readonly SeenTopic[]): boolean {
  const { field, limit } = params;
  if (kind !== 'threshold' || typeof limit !== 'string' || typeof field !== 'string') return false;
  if (namesVersion(field) || /^v/i.test(limit)) return false;
  const bare = field.replace(/^(data|labels)\./, '');
  const seen = topics.filter((one) => topicMatches(topic, one.topic) && Object.hasOwn(one.fields, bare));
  return seen.length > 0 && seen.every(({ fields }) => fields[bare]!.type === 'number');
}

function namesIn({ params, match, key = [] }: WatchLine): string[] {
  const named = [params.field, params.distinct].filter((name) => typeof name === 'string');
  return [...new Set([...named, ...fieldsOf(match), ...key])];
}

function renamed(line: WatchLine, from: string, to: string): WatchLine {
  const name = (field: string) => (field === from ? to : field);
  const condition = (one: Condition): Condition => {
    if ('field' in one) return { ...one, field: name(one.field) };
    if ('not' in one) return { not: condition(one.not) };
    return 'all' in one ? { all: one.all.map(condition) } : { any: one.any.map(condition) };
  };
  const { field, distinct, ...rest } = line.params;
  return {
    ...line,
    params: {
      ...(field === undefined ? {} : { field: name(String(field)) }),
      ...rest,
      ...(distinct === undefined ? {} : { distinct: name(String(distinct)) }),
    },
    match: line.match.map(condition),
    ...(line.key ? { key: line.key.map(name) } : {}),
  };
}
