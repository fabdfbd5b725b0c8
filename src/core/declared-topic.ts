// What a source says about a topic of its: which fields its events have, what they mean, and in which unit.
import { z } from 'zod';
import { cleanText } from './clean.ts';
import type { NewEvent } from './event.ts';
import { readField } from './field.ts';
import type { Json } from './json.ts';
import { own } from './own.ts';
import type { SeenTopic } from './seen-topic.ts';

export const fieldTypes = ['number', 'text', 'truth', 'other'] as const;
export type FieldType = (typeof fieldTypes)[number];

export interface DeclaredField {
  type?: FieldType;
  /** As it stands behind the number: `%`, `ms`, `GB`. */
  unit?: string;
  description?: string;
  /** Every event has it. */
  required?: true;
}

/** What was said, and how much had been seen of it by then: what lacks a field is counted from there. */
export interface DeclaredTopic {
  topic: string;
  title: string | null;
  description: string | null;
  /** Events that lack a required field, or have one of another type, are refused. */
  strict: boolean;
  fields: Record<string, DeclaredField>;
  /** Epoch milliseconds. */
  declaredAt: number;
  declaredBy: string;
  base: SeenCounts;
}

/** How many events of a topic were seen, and how many of them had which field. */
export interface SeenCounts {
  count: number;
  fields: Record<string, number>;
}

const line = (most: number) =>
  z
    .string()
    .max(most, `has at most ${most.toLocaleString('en-US')} characters`)
    .overwrite((text) => cleanText(text).trim());

const field = z
  .strictObject({
    type: z.enum(fieldTypes).optional(),
    unit: line(20).optional(),
    description: line(300).optional(),
    required: z.boolean().optional(),
  })
  .superRefine(({ type, unit, required }, context) => {
    if (unit && type !== undefined && type !== 'number')
      context.addIssue({ code: 'custom', path: ['unit'], message: 'only numbers have a unit' });
    if (required && type === 'other')
      context.addIssue({
        code: 'custom',
        path: ['required'],
        message: 'only a number, a text or a truth can be required',
      });
  });

const mostFields = 100;

/** The document of `PUT /v1/topics/{topic}`. */
export const topicDocument = z.strictObject({
  title: line(100).optional(),
  description: line(2000).optional(),
  strict: z.boolean().default(false),
  fields: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*){0,2}$/, 'a field is named like usage or disk.free')
        .max(100),
      field,
    )
    .default({})
    .refine((fields) => Object.keys(fields).length <= mostFields, `at most ${mostFields} fields`),
});

/** For each required field, how many events since the declaration lacked it; those that none lacked are left out. */
export function lacking(declared: DeclaredTopic, seen: SeenTopic | undefined): Record<string, number> {
  if (!seen) return {};
  const events = seen.count - declared.base.count;
  const counts = Object.entries(declared.fields).flatMap(([name, { required }]): [string, number][] => {
    if (!required) return [];
    const had = (own(seen.fields, name)?.count ?? 0) - (own(declared.base.fields, name) ?? 0);
    return events > had ? [[name, events - had]] : [];
  });
  return Object.fromEntries(counts);
}

/** What is counted at this moment. */
export function countsOf(seen: SeenTopic | undefined): SeenCounts {
  if (!seen) return { count: 0, fields: {} };
  const fields = Object.entries(seen.fields).map(([name, { count = 0 }]) => [name, count] as const);
  return { count: seen.count, fields: Object.fromEntries(fields) };
}

/** Where an event does not keep what was said of its topic: a field and a sentence. */
export function declarationFaults(
  { fields }: Pick<DeclaredTopic, 'fields'>,
  event: NewEvent,
): { path: string; text: string }[] {
  return Object.entries(fields).flatMap(([name, { type, required }]) => {
    const value = readField(event, `data.${name}`) ?? own(event.labels, name);
    const path = `data.${name}`;
    if (value === undefined || value === null) return required ? [{ path, text: 'is required' }] : [];
    const is = typeOf(value);
    // A number may be sent as a text: rules read it all the same.
    if (type === undefined || is === type || (type === 'number' && isNumeric(value))) return [];
    return [{ path, text: `must be ${words[type]}` }];
  });
}

const words: Record<FieldType, string> = {
  number: 'a number',
  text: 'a text',
  truth: 'true or false',
  other: 'a list or an object',
};

function typeOf(value: Json): FieldType {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'truth' : 'other';
}

function isNumeric(value: Json): boolean {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
}
