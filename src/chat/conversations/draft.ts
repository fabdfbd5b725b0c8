// What somebody has answered so far on the way to a rule: its document as far as it goes, and where they stand.
import type { RuleDocument } from '#core/rule.ts';

/** A band as a document has it. */
export type BandDocument = NonNullable<RuleDocument['bands']>[number];
/** The document of a rule (`core/rule.ts`) that may lack its topic and kind yet. Plain JSON. */
export type Doc = Partial<RuleDocument> & { params?: Record<string, unknown> };

export interface Draft {
  /** The screen: a question's name, `p:` and a parameter's name, or a screen behind one of them. */
  at: string;
  /** The screens that lead here; Back goes to the last. */
  trail: string[];
  /** The question says how to type its answer. */
  typing?: boolean;
  doc: Doc;
  /** Which of the ways to ask was chosen (`ways.ts`). */
  way?: string;
  /** The questions that have their answer, also “skip”. */
  asked: string[];
  /** The part of the topic tree that is shown. */
  branch?: string;
  /** Which page of a long list. */
  page?: number;
  /** The condition that is being put together. */
  pick?: { field: string; not: boolean; values: string[] };
  /** The hours that are not “otherwise”, once other ones than the usual were chosen. */
  hours?: string;
  /** Which row of hours is being changed. */
  row?: number;
  whom?: 'me' | 'group';
  /** What it would have told is not counted. */
  uncounted?: boolean;
  /** The rule that is edited, and its document before. */
  ruleId?: string;
  before?: Doc;
}

/** What a wizard starts with: nothing, a topic that was named, a rule to change, or a draft to go on with. */
export type Seed = Partial<Draft> & { topic?: string };

/** A draft with nothing answered but what the seed knows. */
export function newDraft({ topic, ...seed }: Seed): Draft {
  const doc: Doc = { ...seed.doc, ...(topic === undefined ? {} : { topic }) };
  const at = doc.topic === undefined ? 'topic' : 'what';
  return { at, trail: [], asked: doc.topic === undefined ? [] : ['topic'], ...seed, doc };
}

/** The same draft, saying this; an undefined value takes the part away. */
export function saying(draft: Draft, changes: Partial<Record<keyof Doc, unknown>>): Draft {
  const doc = { ...draft.doc, ...changes } as Record<string, unknown>;
  for (const [part, value] of Object.entries(doc)) if (value === undefined) delete doc[part];
  return { ...draft, doc: doc as Doc };
}

/** The same draft with this parameter; undefined takes it away. */
export function withParam(draft: Draft, name: string, value: unknown): Draft {
  const { [name]: _old, ...rest } = draft.doc.params ?? {};
  return saying(draft, { params: value === undefined ? rest : { ...rest, [name]: value } });
}

/** The same draft with this question answered. */
export function answered(draft: Draft, question: string): Draft {
  return draft.asked.includes(question) ? draft : { ...draft, asked: [...draft.asked, question] };
}

/** Goes to a screen; one that leads here already is gone back to, but not past the preview, to which changes return. */
export function goTo(draft: Draft, at: string): Draft {
  if (at === draft.at) return { ...draft, typing: false };
  const before = draft.trail.indexOf(at, Math.max(0, draft.trail.lastIndexOf('preview')));
  const trail = before >= 0 ? draft.trail.slice(0, before) : [...draft.trail, draft.at];
  return { ...draft, at, trail, typing: false, page: 0 };
}

/** One screen back. */
export function goBack(draft: Draft): Draft {
  if (draft.typing) return { ...draft, typing: false };
  if (draft.at === 'topic' && draft.branch !== undefined)
    return { ...draft, branch: undefined as never, page: 0 };
  const at = draft.trail.at(-1);
  return at === undefined ? draft : { ...draft, at, trail: draft.trail.slice(0, -1), page: 0 };
}

/** The rule's document, once every question has its answer. */
export function documentOfDraft({ doc }: Draft): RuleDocument {
  return { ...doc, topic: doc.topic ?? '**', kind: doc.kind ?? 'every', params: doc.params ?? {} };
}
