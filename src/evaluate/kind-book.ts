// The kinds as operations and the chat see them: checks, sentences and form fields, made from each kind's schema.
import { z } from 'zod';
import '#core/issue-words.ts';
import type { CheckedParams, FieldInput, KindBook, KindField } from '#operations/kind-book.ts';
import { kindNamed, kinds } from './kinds/index.ts';

export const kindBook: KindBook = {
  usualSeverity: 'warning',
  names: () => kinds.map(({ name }) => name),
  title: (kind) => kindNamed(kind)?.title ?? kind,
  check(name, params): CheckedParams {
    const kind = kindNamed(name);
    if (!kind) {
      const known = kinds.map((one) => one.name).join(', ');
      return {
        ok: false,
        faults: [{ path: 'kind', text: `there is no kind “${name.slice(0, 40)}”; there are ${known}` }],
      };
    }
    const read = kind.params.safeParse(params);
    if (read.success) return { ok: true, params: read.data as Record<string, unknown> };
    // The first fault of each field: the others follow from it.
    const faults = new Map<string, string>();
    for (const issue of read.error.issues) {
      const path = pathOf(issue);
      if (!faults.has(path)) faults.set(path, sentence(issue, params));
    }
    return { ok: false, faults: [...faults].map(([path, text]) => ({ path, text })) };
  },
  describe: (name, params) => kindNamed(name)?.describe(params) ?? name,
  begins: (name) => kindNamed(name)?.begins ?? false,
  key: (name) => kindNamed(name)?.key,
  fields(name): KindField[] {
    const schema = kindNamed(name)?.params;
    if (!(schema instanceof z.ZodObject)) return [];
    return Object.entries(schema.shape as Record<string, z.ZodType>).map(([field, type]) => {
      const meta = type.meta() ?? {};
      return {
        name: field,
        label: String(meta.label ?? field),
        hint: String(meta.hint ?? ''),
        input: (meta.input ?? 'choice') as FieldInput,
        required: !type.safeParse(undefined).success,
        choices: type instanceof z.ZodEnum ? type.options.map(String) : [],
      };
    });
  },
};

function pathOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return issue.keys[0] ?? '';
  return issue.path.map(String).join('.');
}

function sentence(issue: z.core.$ZodIssue, params: unknown): string {
  const name = pathOf(issue) || 'params';
  if (issue.code === 'unrecognized_keys') return `there is no parameter “${name.slice(0, 40)}”`;
  if (
    issue.code === 'custom' ||
    issue.code === 'too_small' ||
    issue.code === 'too_big' ||
    issue.code === 'invalid_format'
  )
    return issue.message;
  if (issue.code === 'invalid_value') return `${name} is one of ${issue.values.map(String).join(' ')}`;
  if (params && typeof params === 'object' && !Object.hasOwn(params, name)) return `${name} is missing`;
  return `${name} is not what was expected`;
}
