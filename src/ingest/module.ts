// The contract of the shelf `modules`: what one kind of software tells, what it means, and what to be told about it.
import { z } from 'zod';
import type { Json } from '#core/json.ts';
import type { RuleDocument } from '#core/rule.ts';
import { isOwnTopic, topicFault } from '#core/topic.ts';
import type { Counters, Metrics } from './page.ts';

/** What one field of an event means; `from` says which metric or path of the software's own it is made of. */
export interface FieldMeaning {
  title: string;
  unit?: string;
  from?: string;
}

export interface ModuleTopic {
  /** A topic, or a pattern when a part of it comes from outside (`builder.*.*`). */
  topic: string;
  title: string;
  /** What its subject is: `a filesystem`. */
  subject: string;
  fields: Record<string, FieldMeaning>;
}

/** A rule that is offered when the module is added; `match` is narrowed to the target then. */
export interface OfferedRule {
  title: string;
  document: RuleDocument & { topic: string };
}

/** One address to ask, and what to make of the answer. `wanted`: the metrics to keep; absent: all. */
export type Request = { url: string } & ({ form: 'metrics'; wanted?: readonly string[] } | { form: 'json' });
export type Page = { form: 'metrics'; metrics: Metrics } | { form: 'json'; json: Json };

/** One event to be: the target's name is its source and its label `instance`. */
export interface Finding {
  topic: string;
  /** The target's name when not given. */
  subject?: string;
  /** Fields without a value are left out. */
  data: Record<string, Json | undefined>;
  labels?: Record<string, string>;
}

export interface Scrape<P> {
  /** How often it is worth looking. */
  everyMs: number;
  requests(params: P): Request[];
  /**
   * Pure. The pages in the order of the requests. Undefined or no finding at all means that the software is another
   * one, or does not tell this: the target then counts as failing.
   */
  read(pages: Page[], params: P, counters: Counters, now: number): Finding[] | undefined;
  /** Whether no finding is an answer, too. */
  emptyIsFine?: true;
}

export interface ModuleExample {
  params: Record<string, unknown>;
  /** For each request the answer's text. */
  pages: { body: string; mediaType?: string }[];
  /** What is found in them, at this instant. */
  now: number;
  findings: { topic: string; subject?: string; data: Record<string, Json> }[];
}

export interface Module<P = unknown> {
  name: string;
  title: string;
  /** One sentence: for whom, and where the names come from. */
  about: string;
  /** A strict object; its fields carry `.meta({ label, hint, input })`, from which forms are made. */
  params: z.ZodType<P>;
  topics: readonly ModuleTopic[];
  rules: readonly OfferedRule[];
  /** Absent: the software pushes its events by itself. */
  scrape?: Scrape<P>;
  /** Scraping modules show a real page and what is found in it. */
  example?: ModuleExample;
}

/** Keeps the parameter types while a module is written; shelves hold it as `Module`. */
export function defineModule<P>(module: Module<P>): Module<P> {
  return module;
}

/** An address to be asked; whether it may be is decided when it is. */
export const addressField = (usual: string, hint: string) =>
  z
    .string('must be an address such as http://127.0.0.1:9100/metrics')
    .trim()
    .max(500, 'has at most 500 characters')
    .refine(
      (text) => /^https?:\/\/./i.test(text) && URL.canParse(text),
      'must begin with http:// or https://',
    )
    .refine(
      (text) => !URL.canParse(text) || new URL(text).username === '',
      'give user and password apart from the address',
    )
    .default(usual)
    .meta({ label: 'Address', hint, input: 'address' });

/** The topic that the events of a target get, where its owner says it. */
export const topicField = (usual: string, example: string, about: string) =>
  z
    .string()
    .trim()
    .max(150, 'has at most 150 characters')
    .refine(
      (topic) => topicFault(topic) === undefined && !isOwnTopic(topic),
      `must be a topic such as ${example}`,
    )
    .default(usual)
    .meta({ label: 'Topic', hint: `${about}, such as ${example}`, input: 'text' });

/** What a series is called where a module knows no better name: its labels, `code=500 path=/`. */
export function seriesSubject(labels: Record<string, string>): string | undefined {
  const parts = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.length === 0 ? undefined : parts.map(([label, value]) => `${label}=${value}`).join(' ');
}

/** The rule that every scraped module offers: it does not answer. */
export const notAnswering = (name: string, title: string): OfferedRule => ({
  title,
  document: {
    name: title,
    topic: `${name}.up`,
    kind: 'threshold',
    params: { field: 'up', op: '<', limit: 1 },
    for: '2m',
    severity: 'critical',
  },
});
