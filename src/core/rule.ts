// A rule: one person's or group's wish. The document people write, and the form the ledger keeps.
import { z } from 'zod';
import { type Band, bandDocument } from './bands.ts';
import { cleanText } from './clean.ts';
import { type Condition, holds, type Lists, parseCondition } from './condition.ts';
import { parseDuration } from './duration.ts';
import type { NewEvent } from './event.ts';
import { asText, readField } from './field.ts';
import { type Severity, severitySchema } from './severity.ts';
import { isOwnTopic, patternFault, topicMatches } from './topic.ts';
import { type Wording, wordingDocument } from './wording.ts';

const longestSpan = 366 * 86_400_000;

/** A duration written as text (`5m`), kept as milliseconds. */
export const durationSchema = z
  .union([
    z.number().int().nonnegative().describe('milliseconds'),
    z.string().describe('such as 5m, 1h30m or 2d'),
  ])
  .transform((value, context) => {
    const ms = typeof value === 'number' ? value : parseDuration(value);
    if (ms !== undefined && ms <= longestSpan) return ms;
    const said = `“${String(value).slice(0, 40)}”`;
    const fault = typeof value === 'number' ? `${said} milliseconds are too long` : `${said} is too long`;
    context.addIssue({
      code: 'custom',
      message:
        ms === undefined ? `${said} is no duration; try 5m, 1h30m or 2d` : `${fault}; at most 366d (a year)`,
    });
    return z.NEVER;
  });

/** The same with its unit always: a bare number might be seconds as well. */
export const spanSchema = z
  .string('must be a duration with its unit, such as 5m or 2h')
  .transform((value): string | number => value)
  .pipe(durationSchema);

const conditionText = z.string().transform((text, context): Condition => {
  const read = parseCondition(text);
  if (read.ok) return read.condition;
  context.addIssue({ code: 'custom', message: read.fault });
  return z.NEVER;
});

const fieldNames = z.array(z.string().min(1).max(100)).max(8);

/** The public document of a rule. `params` are checked by the kind. */
export const ruleDocument = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  topic: z.string().superRefine((topic, context) => {
    const fault = patternFault(topic);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  }),
  match: z.array(conditionText).max(20).default([]),
  kind: z.string().max(40),
  params: z.record(z.string(), z.unknown()).default({}),
  key: fieldNames.optional(),
  for: durationSchema.default(0),
  keepFiringFor: durationSchema.default(0),
  severity: severitySchema.optional(),
  paused: z.boolean().default(false),
  to: z.array(z.string()).max(20).optional(),
  /** The first that holds now, in the owner's zone; none: as written. */
  bands: z.array(bandDocument).max(10).optional(),
  /** A firing and its end become events of this topic. */
  emit: z
    .string()
    .superRefine((topic, context) => {
      const fault = topic.includes('*') ? 'a topic to emit to has no *' : patternFault(topic);
      if (fault || isOwnTopic(topic))
        context.addIssue({ code: 'custom', message: fault ?? 'tocsin.* is Tocsin’s own' });
    })
    .optional(),
  /** Not told while another rule of the same owner burns; `same`: only with the same values of these labels. */
  unless: z
    .array(z.strictObject({ rule: z.string().min(1).max(100), same: fieldNames.optional() }))
    .max(10)
    .optional(),
  /** The target that is asked before an alert is told; `{subject}` in it is what the alert is about. */
  verify: z.string().trim().min(1).max(100).optional(),
  /** Evaluated and recorded, told to nobody but the `pilot`. */
  shadow: z.boolean().optional(),
  pilot: z.array(z.string()).max(50).optional(),
  template: wordingDocument.optional(),
  /** So many firings within the time are flapping: then an end must hold for `hold`. */
  flapping: z
    .strictObject({ after: z.number().int().min(2).max(100), within: durationSchema, hold: durationSchema })
    .optional(),
  /** The pack that it was taken from, and which of its rules. */
  origin: z
    .strictObject({ pack: z.string().max(100), version: z.number().int(), at: z.number().int() })
    .optional(),
});
export type RuleDocument = z.input<typeof ruleDocument>;

/** What few rules say; absent: nothing. `to` and `pilot` hold receiver ids. */
export interface RuleOptions {
  bands?: Band[];
  emit?: string;
  unless?: { rule: string; same?: string[] }[];
  verify?: string;
  shadow?: true;
  pilot?: string[];
  template?: Wording;
  flapping?: { after: number; withinMs: number; holdMs: number };
  origin?: { pack: string; version: number; at: number };
  /** Given by the kind: it is asked once when the rule is saved, for the one key that its conditions name. */
  begins?: true;
}

/** What the owner's settings give to a rule; the ledger writes it anew whenever they change. */
export interface RuleGround {
  /** The owner's zone; absent: the installation's. */
  zone?: string;
  /** The owner's lists that the conditions name. */
  lists?: Lists;
}

/** A rule as the ledger keeps it and the evaluator steps it. */
export interface Rule extends RuleOptions, RuleGround {
  id: string;
  /** `p_…` or `g_…`: whose wish it is. */
  ownerId: string;
  name: string;
  topic: string;
  /** All must hold. */
  match: Condition[];
  kind: string;
  params: Record<string, unknown>;
  /** Fields that separate one alert from another. */
  key: string[];
  forMs: number;
  keepFiringForMs: number;
  /** Null: the event's own severity, or warning. */
  severity: Severity | null;
  paused: boolean;
  /** Receiver ids. */
  to: string[];
  /** The change counter at its last edit. */
  version: number;
}

/** What separates alerts when the rule says nothing: the event's own lifecycle name, or source and subject. */
export const defaultKey = ['source', 'subject'];

/** Whether the fields are those of a rule that says nothing. */
export function isDefaultKey(key: readonly string[]): boolean {
  return key.length === defaultKey.length && key.every((field, i) => field === defaultKey[i]);
}

/** Whether the rule asks about this event: its topic lies under the pattern and every matcher passes. */
export function ruleAsks(rule: Pick<Rule, 'topic' | 'match' | 'paused' | 'lists'>, event: NewEvent): boolean {
  return (
    !rule.paused &&
    !isOwnTopic(event.type) &&
    topicMatches(rule.topic, event.type) &&
    rule.match.every((condition) => holds(condition, event, rule.lists))
  );
}

/** The fingerprint of an event whose sender named none: what is of one source, topic and subject keeps its order. */
export function plainFingerprint({
  source,
  type,
  subject,
}: Pick<NewEvent, 'source' | 'type' | 'subject'>): string {
  return bounded(JSON.stringify([source, type, subject]));
}

/**
 * The labels that name one alert of the rule, and their text as its key: at most 500 characters. With the default key,
 * a fingerprint that the sender named itself stands for the subject (two Alertmanager alerts of one instance stay two,
 * a “resolved” without subject finds its alert); otherwise the topic separates too, for patterns such as `builds.**`.
 */
export function alertKey(
  rule: Pick<Rule, 'key'>,
  event: NewEvent,
): { key: string; labels: Record<string, string> } {
  const byDefault = isDefaultKey(rule.key);
  // The default key means the event's own names: what its data calls itself must not shadow them.
  const named = byDefault ? { ...event, data: {}, labels: {} } : event;
  const labels: Record<string, string> = {};
  for (const field of rule.key)
    labels[field] = cleanText((asText(readField(named, field)) ?? '').slice(0, 400));
  let parts = rule.key.map((field) => labels[field]!);
  if (byDefault) {
    const own = event.fingerprint;
    const isNamed = own !== undefined && own !== plainFingerprint(event);
    parts = isNamed ? [parts[0]!, own] : [...parts, event.type];
  }
  return { key: bounded(JSON.stringify(parts)), labels };
}

/** The labels that a key was made of, for alerts that begin without an event; empty texts when it was shortened. */
export function keyLabels(rule: Pick<Rule, 'key'>, key: string): Record<string, string> {
  let parts: unknown = [];
  try {
    parts = JSON.parse(key);
  } catch {
    // Shortened: its end is a hash.
  }
  const values = Array.isArray(parts) ? parts : [];
  return Object.fromEntries(rule.key.map((field, i) => [field, String(values[i] ?? '')]));
}

// PostgreSQL's indexes take no long values, so the rest of a long key becomes a hash (two 32-bit FNV-1a).
function bounded(key: string): string {
  if (key.length <= 500) return key;
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let i = 0; i < key.length; i++) {
    a = Math.imul(a ^ key.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ key.charCodeAt(key.length - 1 - i), 0x01000193);
  }
  const hash = [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  return `${cleanText(key.slice(0, 480))}…${hash}`;
}
