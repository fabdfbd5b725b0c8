// A pack: rules ready to be taken, with blanks that whoever takes them fills in.
import { z } from 'zod';
import { own } from './own.ts';

const askName = /^[a-z][a-z0-9_]{0,39}$/;

const ask = z.strictObject({
  name: z.string().regex(askName, 'a blank is named in small letters, such as limit'),
  label: z.string().min(1).max(60),
  hint: z.string().max(200).default(''),
  input: z.enum(['text', 'number']).default('text'),
  /** Offered as a button. */
  usual: z.union([z.string().max(256), z.number()]).optional(),
});
export type PackAsk = z.output<typeof ask>;

/** The document of a pack. A text `{{limit}}` in a rule stands for the answer to the blank of that name. */
export const packDocument = z
  .strictObject({
    title: z.string().trim().min(1).max(100),
    description: z.string().trim().max(1000).default(''),
    asks: z.array(ask).max(8).default([]),
    rules: z.array(z.record(z.string(), z.unknown())).min(1).max(30),
  })
  .superRefine(({ asks, rules }, context) => {
    const known = new Set(asks.map(({ name }) => name));
    for (const [at, rule] of rules.entries())
      for (const name of blanksOf(rule))
        if (!known.has(name))
          context.addIssue({
            code: 'custom',
            path: ['rules', at],
            message: `nothing asks for the blank “${name}”`,
          });
  });
export type PackDocument = z.output<typeof packDocument>;

/** A pack in the ledger. */
export interface Pack extends PackDocument {
  id: string;
  version: number;
  /** Whose it is; null: everybody's, kept by the admins. */
  ownerId: string | null;
  /** The rule that it was shared from. */
  ruleId: string | null;
  createdAt: number;
}

const blank = /\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}/g;

/** The names of the blanks in a document. */
export function blanksOf(document: unknown): string[] {
  const names = new Set<string>();
  visit(document, (text) => {
    for (const [, name] of text.matchAll(blank)) names.add(name!);
    return text;
  });
  return [...names];
}

export type Answers = Record<string, string | number>;

/** Reads one answer; the fault is a sentence for who gave it. */
export function readAnswer(
  { input, label }: PackAsk,
  typed: string,
): { ok: true; value: string | number } | { ok: false; fault: string } {
  const text = typed.trim();
  if (text === '') return { ok: false, fault: `${label} is empty.` };
  if (input === 'text')
    return text.length > 256
      ? { ok: false, fault: `${label} has at most 256 characters.` }
      : { ok: true, value: text };
  const number = Number(text.replace(/\s*%$/, '').replace(/^(-?\d+),(\d+)$/, '$1.$2'));
  return Number.isFinite(number)
    ? { ok: true, value: number }
    : { ok: false, fault: `“${text.slice(0, 40)}” is no number.` };
}

/** The rules with every blank filled in. A text that is one blank alone becomes the answer itself, a number too. */
export function fillPack(pack: Pick<PackDocument, 'rules'>, answers: Answers): Record<string, unknown>[] {
  const answerOf = (name: string) => own(answers, name) ?? '';
  return pack.rules.map(
    (rule) =>
      visit(rule, (text) => {
        const alone = /^\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}$/.exec(text);
        if (alone) return answerOf(alone[1]!);
        return text.replace(blank, (_whole, name: string) => quoted(String(answerOf(name))));
      }) as Record<string, unknown>,
  );
}

// Inside a condition's quotes an answer must not end them.
function quoted(text: string): string {
  return text.replace(/[\\"]/g, '\\$&');
}

function visit(value: unknown, change: (text: string) => unknown): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => visit(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, visit(part, change)]));
}
