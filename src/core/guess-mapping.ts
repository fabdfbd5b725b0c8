// A first mapping from one sample: fields are known by their names and by what stands in them.
import type { Json } from './json.ts';
import { knownWords, type Mapping, readInstant } from './mapping.ts';
import { readSeverity } from './severity.ts';
import { topicFault } from './topic.ts';

export interface Guess {
  mapping: Mapping;
  /** What was not found in the sample; somebody who knows it can say it. */
  missing: ('subject' | 'severity' | 'status' | 'time' | 'title')[];
  /** Every field with a value, to choose from: path and what stands there. */
  fields: { path: string; value: string }[];
}

const isWord = (list: readonly string[]) => (value: string) => list.includes(value.toLowerCase());
const isState = isWord([...knownWords.firing, ...knownWords.resolved].filter((word) => word.length > 1));
const saysSomething = (value: string) => /\p{L}/u.test(value);

/** In the order of preference: how the last name of the path may read, and what must stand there. */
const looks = {
  severity: [
    /^(severity|level|priority|urgency|criticality)$/i,
    (v: string) => readSeverity(v) !== undefined,
  ],
  status: [/^(status|state|event_state|condition|result|outcome)$/i, isState],
  time: [
    /^(time|timestamp|date|datetime|when|at|occurred_?at|created_?at|event_?time|ts|@timestamp)$/i,
    (v: string) => readInstant(v) !== undefined,
  ],
  subject: [
    /^(host|hostname|host_name|instance|server|node|device|machine|service|entity|resource|target|subject|repository|project|unit)$/i,
    () => true,
  ],
  title: [
    /^(title|summary|message|msg|text|alert_?name|event_?name|description|reason|name)$/i,
    saysSomething,
  ],
  kind: [/^(event|event_?type|type|kind|category|check|check_?name|rule|rule_?name)$/i, saysSomething],
} as const satisfies Record<string, readonly [RegExp, (value: string) => boolean]>;
type What = keyof typeof looks;

/** The mapping that fits the sample best, below this topic: `topic.{event_type}` where it has a field for that. */
export function guessMapping(sample: Json, topic: string): Guess {
  const items = listIn(sample);
  const item = items === undefined ? sample : (pickFirst(sample, items) ?? sample);
  const fields = leavesOf(item);
  const used = new Set<string>();
  const find = (what: What): string | undefined => {
    const [name, fits] = looks[what];
    const order = name.source.replace(/^\^\(|\)\$$/g, '').split('|');
    const rank = (path: string) => order.findIndex((one) => new RegExp(`^${one}$`, 'i').test(lastOf(path)));
    const [best] = fields
      .filter(({ path, value }) => !used.has(path) && name.test(lastOf(path)) && fits(value))
      // The highest in the body, then the name that says it best.
      .sort((a, b) => depthOf(a.path) - depthOf(b.path) || rank(a.path) - rank(b.path));
    if (best) used.add(best.path);
    return best && `{${best.path}}`;
  };
  const [severity, status, time] = [find('severity'), find('status'), find('time')];
  const [subject, kind, title] = [find('subject'), find('kind'), find('title')];
  const base = topicFault(topic) === undefined ? topic : 'mapped';
  const found = { title, subject, severity, status, time };
  const mapping: Mapping = {
    topic: kind === undefined ? base : `${base}.${kind}`,
    ...(items !== undefined && { items }),
    ...Object.fromEntries(Object.entries(found).filter(([, text]) => text !== undefined)),
  };
  const missing = (['title', 'subject', 'severity', 'status', 'time'] as const).filter(
    (what) => found[what] === undefined,
  );
  return { mapping, missing, fields };
}

// A list of objects directly in the body, such as `alerts`: each of them is an event.
function listIn(sample: Json): string | undefined {
  if (sample === null || typeof sample !== 'object' || Array.isArray(sample)) return undefined;
  const lists = Object.entries(sample).filter(
    ([name, value]) => usable(name) && Array.isArray(value) && value.length > 0 && value.every(isObject),
  );
  const named = lists.filter(([name]) =>
    /^(alerts|events|items|results|checks|problems|records)$/i.test(name),
  );
  return named[0]?.[0];
}

function pickFirst(sample: Json, name: string): Json | undefined {
  const list = (sample as Record<string, Json>)[name];
  return Array.isArray(list) ? list[0] : undefined;
}

function leavesOf(value: Json, path: string[] = []): { path: string; value: string }[] {
  if (value === null || path.length > 5) return [];
  if (typeof value !== 'object') {
    const text = String(value).trim();
    return path.length === 0 || text === '' ? [] : [{ path: path.join('.'), value: text.slice(0, 200) }];
  }
  return Object.entries(value)
    .slice(0, 100)
    .filter(([name]) => usable(name))
    .flatMap(([name, inner]) => leavesOf(inner as Json, [...path, name]))
    .slice(0, 200);
}

// Names that a path in braces cannot say.
function usable(name: string): boolean {
  return name !== '' && name.length <= 60 && !/[{}.]|^\s/.test(name);
}

function isObject(value: Json): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function lastOf(path: string): string {
  return path.split('.').at(-1)!;
}

function depthOf(path: string): number {
  return path.split('.').length;
}
