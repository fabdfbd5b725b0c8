// From the document that somebody wrote to a rule that can be kept: every fault with its path, every default.
import { printCondition } from '#core/condition.ts';
import { printDuration } from '#core/duration.ts';
import { type Refusal, refuse } from '#core/outcome.ts';
import { defaultKey, type Rule, type RuleDocument, ruleDocument } from '#core/rule.ts';
import { fixedFields } from '#core/sole-key.ts';
import type { Reader } from '#store/connection.ts';
import { keepReceiversOf, type Receiver } from '#store/receivers.ts';
import { atHome } from './home.ts';
import type { KindBook } from './kind-book.ts';
import { generatedName } from './rule-name.ts';
import { optionsDocument, readOptions } from './rule-options.ts';

/** One thing that is wrong with a document: where, and a sentence why. */
export interface Fault {
  path: string;
  text: string;
}
export type RuleRefusal = Refusal & { faults: Fault[] };
/** A checked rule without the parts that only the ledger gives. */
export type RuleDraft = Omit<Rule, 'id' | 'version'>;
export type Drafted = { ok: true; draft: RuleDraft } | RuleRefusal;

/** Checks a document for an owner. All faults are told at once, those of `params` as `params.…`. */
export async function draftRule(
  db: Reader,
  book: KindBook,
  ownerId: string,
  document: unknown,
): Promise<Drafted> {
  return draftFor(book, ownerId, await keepReceiversOf(db, [ownerId]), document);
}

/** The same when it is known where the owner can be told. */
export function draftFor(book: KindBook, ownerId: string, told: Receiver[], document: unknown): Drafted {
  const read = ruleDocument.safeParse(document);
  const kind = kindOf(document);
  const checked = kind && book.names().includes(kind.name) ? book.check(kind.name, kind.params) : undefined;
  const faults: Fault[] = read.success
    ? []
    : read.error.issues.map((issue) => ({ path: issue.path.join('.'), text: issue.message }));
  if (kind && !checked)
    faults.push({
      path: 'kind',
      text: `there is no kind “${kind.name.slice(0, 40)}”; there are ${book.names().join(', ')}`,
    });
  if (checked && !checked.ok)
    faults.push(
      ...checked.faults.map(({ path, text }) => ({ path: path === '' ? 'params' : `params.${path}`, text })),
    );
  const receivers = (wanted: string[], path: string): string[] => {
    const ids = wanted.flatMap((name, at) => {
      const found = told.filter(
        ({ id, channel, label, topic }) =>
          id === name || label === name || (channel === name && topic === ''),
      );
      if (found.length === 0)
        faults.push({ path: `${path}.${at}`, text: `there is no receiver “${name.slice(0, 60)}” here` });
      return found.map(({ id }) => id);
    });
    return [...new Set(ids)];
  };
  const to = read.success && read.data.to ? receivers(read.data.to, 'to') : atHome(told).map(({ id }) => id);
  const options = read.success ? readOptions(read.data, book, receivers, faults) : {};
  if (!read.success || !checked?.ok || faults.length > 0) return refuseRule(faults);
  const { name, topic, match, key, keepFiringFor, severity, paused } = read.data;
  const begins = book.begins(read.data.kind);
  const draft: RuleDraft = {
    ownerId,
    name:
      name ??
      generatedName({ topic, kind: read.data.kind, params: checked.params, ...bandsOf(options) }, book),
    topic,
    match,
    kind: read.data.kind,
    params: checked.params,
    // What is missed when it does not come is one thing, whichever source tells of it.
    key:
      key ??
      book.key?.(read.data.kind)?.slice() ??
      (begins && fixedFields(match).has('subject') ? ['subject'] : defaultKey),
    forMs: read.data.for,
    keepFiringForMs: keepFiringFor,
    severity: severity ?? null,
    paused,
    to,
    ...options,
    ...(begins ? { begins } : {}),
  };
  return { ok: true, draft };
}

/** The document that makes this rule again. */
export function documentOf(rule: Rule): RuleDocument {
  return {
    name: rule.name,
    topic: rule.topic,
    match: rule.match.map(printCondition),
    kind: rule.kind,
    params: rule.params,
    key: rule.key,
    for: printDuration(rule.forMs),
    keepFiringFor: printDuration(rule.keepFiringForMs),
    ...(rule.severity ? { severity: rule.severity } : {}),
    paused: rule.paused,
    to: rule.to,
    ...optionsDocument(rule),
  };
}

const bandsOf = ({ bands }: Partial<Rule>) => (bands ? { bands } : {});

/** The refusal that tells every fault. */
export function refuseRule(faults: Fault[]): RuleRefusal {
  const text = faults.map(({ path, text }) => (path === '' ? text : `${path}: ${text}`)).join('; ');
  return { ...refuse('invalid', text === '' ? 'This rule cannot be used.' : `${text}.`), faults };
}

function kindOf(document: unknown): { name: string; params: unknown } | undefined {
  if (document === null || typeof document !== 'object') return undefined;
  const { kind, params } = document as { kind?: unknown; params?: unknown };
  return typeof kind === 'string' ? { name: kind, params: params ?? {} } : undefined;
}
