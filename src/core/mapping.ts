// What the fields of a foreign JSON mean: a mapping applied to a body, and guessed from a sample.
import { z } from 'zod';
import { cleanText } from './clean.ts';
import { cut } from './cut.ts';
import type { EventStatus, NewEvent } from './event.ts';
import { asText } from './field.ts';
import { isPlausible, readTime } from './instant.ts';
import type { Json } from './json.ts';
import { inside } from './own.ts';
import { readSeverity } from './severity.ts';
import { isOwnTopic, topicFault } from './topic.ts';

const pathShape = /^[^{}\s.][^{}.]*(\.[^{}.]+)*$/;
const path = z
  .string('must be text')
  .max(200, 'has at most 200 characters')
  .regex(pathShape, 'must be a path such as host.name or checks.0.state');
const template = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(300, 'has at most 300 characters')
  .refine(
    (text) => placesIn(text).every((one) => pathShape.test(one)) && !/[{}]/.test(withoutPlaces(text)),
    'must be text with paths in braces, such as builds.{project.name}',
  );
const words = z
  .array(z.string('must be text').max(100, 'has at most 100 characters'), 'must be a list')
  .max(50);

/** What the fields mean. Texts may hold paths in braces: `builds.{project.name}`, `{host}`. */
export const mappingSchema = z.strictObject(
  {
    topic: template.meta({ description: 'The topic: builds.{project.name}. What it cannot hold becomes _.' }),
    items: path.optional().meta({ description: 'Where a list stands of which each item is an event.' }),
    title: template.optional().meta({ description: 'What happened, in a few words.' }),
    subject: template.optional().meta({ description: 'What it is about: {host}.' }),
    severity: template
      .optional()
      .meta({ description: 'How bad: {level}; words such as error and warn are known.' }),
    status: template.optional().meta({ description: 'Whether it begins or ends: {state}.' }),
    firing: words.optional().meta({ description: 'Words of its status that mean: it burns.' }),
    resolved: words.optional().meta({ description: 'Words of its status that mean: it is over.' }),
    time: template.optional().meta({ description: 'When: RFC 3339, or seconds or milliseconds since 1970.' }),
    id: template
      .optional()
      .meta({ description: 'The sender’s own id of this event; the same again is a duplicate.' }),
    fingerprint: template.optional().meta({ description: 'What separates one situation from another.' }),
    fields: z
      .record(z.string().min(1).max(100), path, 'must be an object of names and paths')
      .optional()
      .meta({ description: 'Facts by name: { usage: disk.used_percent }. Absent: the whole body.' }),
    labels: z
      .record(z.string().min(1).max(100), template, 'must be an object of names and texts')
      .optional()
      .meta({ description: 'Texts to match and to group by.' }),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
);
export type Mapping = z.output<typeof mappingSchema>;

/** What is missing or not understood, and where in the body. */
export interface Lack {
  path: string;
  text: string;
}
export type Mapped = { ok: true; events: { at: string; event: NewEvent }[] } | { ok: false; lacks: Lack[] };

const firingWords = ['firing', 'alerting', 'alert', 'down', 'fail', 'failed', 'failure', 'error', 'critical'];
const moreFiring = ['problem', 'open', 'opened', 'triggered', 'unhealthy', 'offline', 'bad', '1', 'true'];
const resolvedWords = ['resolved', 'ok', 'up', 'success', 'succeeded', 'passed', 'recovered', 'recovery'];
const moreResolved = ['closed', 'fixed', 'healthy', 'online', 'good', 'normal', 'cleared', '0', 'false'];
export const knownWords = {
  firing: [...firingWords, ...moreFiring],
  resolved: [...resolvedWords, ...moreResolved],
} as const;

/** The events that the mapping makes of the body, or everything that is missing. Pure; the body is left as it was. */
export function applyMapping(mapping: Mapping, body: Json, source: string): Mapped {
  const items = mapping.items === undefined ? [body] : inside(body, mapping.items.split('.'));
  if (!Array.isArray(items) || items.length === 0)
    return { ok: false, lacks: [{ path: mapping.items!, text: 'must be a list with at least one item' }] };
  if (items.length > 500)
    return { ok: false, lacks: [{ path: mapping.items!, text: 'has more than 500 items' }] };
  const lacks: Lack[] = [];
  const events = items.flatMap((item, index) => {
    const at = mapping.items === undefined ? '' : `${mapping.items}[${index}]`;
    const event = readItem(mapping, item, source, (where, text) =>
      lacks.push({ path: [at, where].filter((one) => one !== '').join('.'), text }),
    );
    return event ? [{ at, event }] : [];
  });
  return lacks.length > 0 ? { ok: false, lacks: lacks.slice(0, 50) } : { ok: true, events };
}

function readItem(
  mapping: Mapping,
  item: Json,
  source: string,
  lack: (path: string, text: string) => void,
): NewEvent | undefined {
  const said = (text: string | undefined) => (text === undefined ? undefined : fill(text, item));
  const missing = placesIn(mapping.topic).filter((one) => sayAt(item, one) === undefined);
  for (const one of missing) lack(one, 'is missing; the topic is made of it');
  const topic = topicOf(mapping.topic, item);
  const fault =
    topicFault(topic) ?? (isOwnTopic(topic) ? 'topics below “tocsin” are Tocsin’s own' : undefined);
  if (missing.length === 0 && fault) lack('', `makes the topic “${topic.slice(0, 60)}”: ${fault}`);
  const status = readStatus(mapping, item, lack);
  if (missing.length > 0 || fault || status === 'unknown') return undefined;
  const severity = readSeverity(said(mapping.severity) ?? '');
  const [time, id, fingerprint, title] = [
    readInstant(said(mapping.time)),
    said(mapping.id),
    said(mapping.fingerprint),
    said(mapping.title),
  ];
  return {
    source,
    type: topic,
    subject: cut(said(mapping.subject) ?? '', 500),
    data: { ...dataOf(mapping, item), ...(title !== undefined && { summary: title }) },
    labels: labelsOf(mapping, item),
    ...(severity && { severity }),
    ...(status && { status }),
    ...(time !== undefined && { time }),
    ...(id !== undefined && { id: cut(id, 200) }),
    ...(fingerprint !== undefined && { fingerprint: cut(fingerprint, 200) }),
  };
}

function readStatus(
  mapping: Mapping,
  item: Json,
  lack: (path: string, text: string) => void,
): EventStatus | undefined | 'unknown' {
  if (mapping.status === undefined) return undefined;
  const word = fill(mapping.status, item)?.toLowerCase();
  const place = placesIn(mapping.status)[0] ?? 'status';
  const has = (list: readonly string[] | undefined) => list?.some((one) => one.toLowerCase() === word);
  if (word === undefined) lack(place, 'is missing; it says whether it begins or ends');
  else if (has(mapping.firing)) return 'firing';
  else if (has(mapping.resolved)) return 'resolved';
  else if (has(knownWords.firing)) return 'firing';
  else if (has(knownWords.resolved)) return 'resolved';
  else lack(place, `“${cut(word, 40)}” is neither among the words for firing nor for resolved`);
  return 'unknown';
}

function dataOf(mapping: Mapping, item: Json): Record<string, Json> {
  if (mapping.fields === undefined) return isObject(item) ? item : { value: item };
  const found = Object.entries(mapping.fields).map(
    ([name, where]) => [name, inside(item, where.split('.'))] as const,
  );
  return Object.fromEntries(
    found.filter((entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null),
  );
}

function labelsOf(mapping: Mapping, item: Json): Record<string, string> {
  const found = Object.entries(mapping.labels ?? {})
    .slice(0, 64)
    .map(([name, text]) => [cut(name, 100), fill(text, item)] as const);
  return Object.fromEntries(
    found.flatMap(([name, text]) => (text === undefined ? [] : [[name, cut(text, 1_000)]])),
  );
}

/** The template with its paths filled in; undefined when one of them says nothing. */
function fill(text: string, item: Json): string | undefined {
  let lacks = false;
  const filled = text.replace(/\{([^{}]+)\}/g, (_, where: string) => {
    const found = sayAt(item, where);
    lacks ||= found === undefined;
    return found ?? '';
  });
  return lacks || filled.trim() === '' ? undefined : cleanText(filled.trim());
}

// A filled-in value is part of one topic part: its own full stops do not make more of them.
function topicOf(text: string, item: Json): string {
  const filled = text.replace(/\{([^{}]+)\}/g, (_, where: string) =>
    (sayAt(item, where) ?? '').slice(0, 60).replace(/[^A-Za-z0-9_-]+/g, '_'),
  );
  return filled.slice(0, 200);
}

function sayAt(item: Json, where: string): string | undefined {
  const found = inside(item, where.split('.'));
  if (found === undefined || found === null || typeof found === 'object') return undefined;
  const text = asText(found)!.trim();
  return text === '' ? undefined : text;
}

/**
 * Epoch milliseconds of RFC 3339 text, or of seconds or milliseconds since 1970; undefined for anything else. A time that
 * does not say its offset is none: in the wrong zone every event would be hours late.
 */
export function readInstant(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{9,13}(\.\d+)?$/.test(text)) {
    const number = Number(text);
    const time = Math.round(number < 1e11 ? number * 1_000 : number);
    return isPlausible(time) ? time : undefined;
  }
  // Many write +0200.
  const read = readTime(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return read.ok ? read.time : undefined;
}

function placesIn(text: string): string[] {
  return [...text.matchAll(/\{([^{}]+)\}/g)].map(([, where]) => where!);
}

function withoutPlaces(text: string): string {
  return text.replace(/\{[^{}]+\}/g, '');
}

function isObject(value: Json): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
