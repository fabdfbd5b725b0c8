// The fields that formats have in common: their schemas, limits and the words of their faults.
import { z } from 'zod';
import '#core/issue-words.ts';
import { cleanText } from '#core/clean.ts';
import { instantSchema } from '#core/instant.ts';
import type { Json } from '#core/json.ts';
import { nearest } from '#core/nearest.ts';
import { readSeverity, type Severity } from '#core/severity.ts';
import { isOwnTopic, topicFault } from '#core/topic.ts';
import type { Fault } from './format.ts';

export const limits = { labels: 64, labelName: 100, labelValue: 1_000, name: 200, subject: 500 } as const;

const text = (most: number) =>
  z
    .string('must be text')
    .max(most, `has at most ${most.toLocaleString('en-US')} characters`)
    .overwrite(cleanText);

/** An id, a source, a fingerprint: 1-200 characters. */
export const nameField = text(limits.name).min(1, 'must not be empty');
export const subjectField = text(limits.subject);

export const topicField = z.string('must be a topic such as disk.usage').superRefine((topic, context) => {
  const fault = isOwnTopic(topic) ? 'topics below “tocsin” are Tocsin’s own' : topicFault(topic);
  if (fault) context.addIssue({ code: 'custom', message: fault });
});

/** An instant, as epoch milliseconds. */
export const timeField = instantSchema;

export const severityField = z
  .string('must be critical, warning or info')
  .transform((word, context): Severity => {
    const severity = readSeverity(word);
    if (severity) return severity;
    context.addIssue({
      code: 'custom',
      message: `“${shown(word)}” is no severity; use critical, warning or info`,
    });
    return z.NEVER;
  });

export const statusField = z.enum(['firing', 'resolved'], 'must be firing or resolved');
/** The same where the sender may also say that somebody has taken it over. */
export const lifecycleField = z.enum(
  ['firing', 'acknowledged', 'resolved'],
  'must be firing, acknowledged or resolved',
);

/** An object of any JSON values. Kept as it is: names such as `__proto__` are data here. */
export const dataField = z.custom<Record<string, Json>>(isRecord, 'must be an object');

export const labelsField = z
  .custom<Record<string, Json>>(isRecord, 'must be an object')
  .transform((given, context) => {
    const names = Object.keys(given);
    if (names.length > limits.labels) {
      context.addIssue({
        code: 'custom',
        message: `has ${names.length} labels; at most ${limits.labels} are taken`,
      });
      return z.NEVER;
    }
    return Object.fromEntries(
      names.map((name) => {
        const read = readLabel(name, given[name]!);
        if (!read.ok) context.addIssue({ code: 'custom', path: [name], message: read.text });
        return [cleanText(name), read.ok ? read.value : ''];
      }),
    );
  });

/** A label's value as text: numbers and truths are turned into text, anything else is a fault. */
export function readLabel(
  name: string,
  value: Json,
): { ok: true; value: string } | { ok: false; text: string } {
  if (name === '') return { ok: false, text: 'a label must have a name' };
  if (name.length > limits.labelName)
    return { ok: false, text: `a label's name has at most ${limits.labelName} characters` };
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return { ok: false, text: 'must be text, a number, true or false' };
  const said = cleanText(String(value));
  if (said.length <= limits.labelValue) return { ok: true, value: said };
  return { ok: false, text: `has at most ${limits.labelValue.toLocaleString('en-US')} characters` };
}

/** Whether the value is an object and no list. */
export function isRecord(value: unknown): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A path as people write it: `alerts[3].labels.host`, `labels["a b"]`. */
export function join(base: string, steps: readonly PropertyKey[]): string {
  let path = base;
  for (const step of steps) {
    if (typeof step === 'number') path += `[${step}]`;
    else if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(String(step)))
      path += `${path ? '.' : ''}${String(step).slice(0, 100)}`;
    else path += `[${JSON.stringify(cleanText(String(step)).slice(0, 100))}]`;
  }
  return path;
}

/** The faults of a value that a schema refused, each with its path below `base`; `otherwise` ends what is said of a strange field. */
export function faultsOf(
  error: z.ZodError,
  base: string,
  known: readonly string[] = [],
  otherwise = known.length === 0 ? '' : `; there are ${known.join(', ')}`,
): Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: join(base, issue.path), text: issue.message }];
    return issue.keys.map((name) => ({
      path: join(base, [...issue.path, name]),
      text: unknownField(name, issue.path.length > 0 ? [] : known, issue.path.length > 0 ? '' : otherwise),
    }));
  });
}

function unknownField(name: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(name, known);
  return meant ? `there is no such field; did you mean “${meant}”?` : `there is no such field${otherwise}`;
}

/** A piece of the sender's text, short enough for a fault. */
function shown(value: string): string {
  return cleanText(value).slice(0, 40);
}
