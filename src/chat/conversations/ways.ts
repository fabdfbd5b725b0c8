// The ways to ask about events: which kind each stands for, and which of its parameters the wizard asks for.
import type { KindBook, KindField } from '#operations/kind-book.ts';
import * as say from '../locales/wizard/topic.ts';
import type { Doc, Draft } from './draft.ts';
import type { Facts } from './facts.ts';

export interface Way {
  name: string;
  kind: string;
  /** What a person picks it by. */
  title: string;
  /** The parameters that are asked, in order; others are found under “Change”. */
  asks: string[];
  /** What is asked besides. */
  besides?: ('only' | 'key')[];
}

const known: Way[] = [
  { name: 'limit', kind: 'threshold', title: say.wayLimit, asks: ['field', 'limit'] },
  { name: 'change', kind: 'change', title: say.wayChange, asks: ['field', 'from', 'to'] },
  { name: 'silence', kind: 'absence', title: say.waySilence, asks: ['every'] },
  { name: 'many', kind: 'count', title: say.wayMany, asks: ['moreThan', 'within'], besides: ['only', 'key'] },
  {
    name: 'different',
    kind: 'count',
    title: say.wayDifferent,
    asks: ['distinct', 'moreThan', 'within'],
    besides: ['only', 'key'],
  },
  { name: 'grows', kind: 'increase', title: say.wayGrows, asks: ['field', 'by', 'within'] },
  { name: 'bar', kind: 'ratio', title: say.wayBar, asks: ['field', 'bar', 'margin'] },
  { name: 'own', kind: 'expression', title: say.wayOwn, asks: ['when'] },
  { name: 'every', kind: 'every', title: say.everyEvent, asks: [] },
];

/** Every way whose kind is there; a kind that no way knows is asked for all it takes. */
export function waysOf(book: KindBook): Way[] {
  const names = book.names();
  const others = names
    .filter((kind) => !known.some((way) => way.kind === kind))
    .map((kind) => ({
      name: kind,
      kind,
      title: book.title(kind),
      asks: book.fields(kind).map(({ name }) => name),
    }));
  return [...known.filter(({ kind }) => names.includes(kind)), ...others];
}

/** The way of a draft; of a rule that is edited, the one that fits what it says. */
export function wayOfDraft({ way, doc }: Pick<Draft, 'way' | 'doc'>, book: KindBook): Way | undefined {
  const ways = waysOf(book);
  const named = ways.find(({ name, kind }) => name === way && kind === doc.kind);
  if (named) return named;
  const counts = doc.params?.distinct === undefined ? 'many' : 'different';
  return ways.find(({ name, kind }) => kind === doc.kind && (kind !== 'count' || name === counts));
}

/** The number that the condition turns on, by kind: other hours may have another. */
export const mainNumber: Record<string, string> = {
  threshold: 'limit',
  count: 'moreThan',
  increase: 'by',
  ratio: 'bar',
};

/** The parameter of this name of the draft’s kind. */
export function fieldNamed(book: KindBook, { kind }: Doc, name: string): KindField | undefined {
  return book.fields(kind ?? '').find((field) => field.name === name);
}

/** The questions that this draft has to answer, in order. */
export function questionsOf(draft: Draft, facts: Facts): string[] {
  const { book, receivers = [] } = facts;
  const { doc } = draft;
  const questions = ['topic', 'what'];
  const way = wayOfDraft(draft, book);
  if (way) {
    const needed = book
      .fields(way.kind)
      .filter(({ name, required, input }) => required && input !== 'operator' && !way.asks.includes(name))
      .map(({ name }) => name)
      .filter((name) => doc.params?.[name] === undefined || draft.asked.includes(`p:${name}`));
    const exist = (name: string) => fieldNamed(book, doc, name) !== undefined;
    questions.push(
      ...[...way.asks, ...needed].filter(exist).map((name) => `p:${name}`),
      ...(way.besides ?? []),
    );
    if (way.kind === 'threshold') questions.push('night');
    const other = doc.bands?.find(({ when }) => when === 'otherwise');
    if (way.kind === 'threshold' && other?.params && receivers.length > 1) questions.push('there');
  }
  if (facts.group !== undefined && draft.ruleId === undefined) questions.push('whom');
  return [...questions, 'preview'];
}
