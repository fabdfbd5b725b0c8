// What somebody has answered so far on the way to a rule, and the document it becomes.
import type { RuleDocument } from '#core/rule.ts';
import type { Severity } from '#core/severity.ts';

export const questions = [
  'topic',
  'what',
  'limit',
  'from',
  'to',
  'wait',
  'severity',
  'whom',
  'preview',
] as const;
export type Question = (typeof questions)[number];

export interface Draft {
  at: Question;
  /** A typed answer is awaited: the topic, the limit, a value or a duration. */
  typing: boolean;
  topic?: string;
  kind?: 'threshold' | 'change' | 'every';
  field?: string;
  op?: '>' | '<';
  limit?: number;
  /** Null: any value. */
  from?: string | null;
  to?: string | null;
  forMs?: number;
  /** Null: as the event says. */
  severity?: Severity | null;
  whom?: 'me' | 'group';
  /** Came back from the preview to change one answer. */
  changing?: boolean;
  /** Which page of a long list. */
  page?: number;
}

/** What a wizard starts with: nothing, a topic that was named, or a draft to go on with. */
export type Seed = Partial<Draft>;

export function newDraft(seed: Seed): Draft {
  return { at: seed.topic === undefined ? 'topic' : 'what', typing: false, ...seed };
}

/** The questions this draft has to answer, in order; `whom` only where there is a choice. */
export function wayOf(draft: Draft, inGroup: boolean): Question[] {
  const of: Question[] = ['topic', 'what'];
  if (draft.kind === 'threshold') of.push('limit');
  if (draft.kind === 'change') of.push('from', 'to');
  if (draft.kind === 'threshold') of.push('wait');
  of.push('severity');
  if (inGroup) of.push('whom');
  return [...of, 'preview'];
}

/** The rule's document (DESIGN.md §6), once every question has its answer. */
export function documentOfDraft(draft: Draft): RuleDocument {
  const { kind = 'every', field = '', topic = '**' } = draft;
  const params: Record<string, unknown> = {};
  if (kind !== 'every') params.field = field;
  if (kind === 'threshold') Object.assign(params, { op: draft.op ?? '>', limit: draft.limit });
  if (kind === 'change' && typeof draft.from === 'string') params.from = draft.from;
  if (kind === 'change' && typeof draft.to === 'string') params.to = draft.to;
  return {
    topic,
    kind,
    params,
    for: draft.forMs ?? 0,
    ...(draft.severity ? { severity: draft.severity } : {}),
  };
}
