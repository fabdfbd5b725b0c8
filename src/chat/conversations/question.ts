// The contract of one question of the wizard: what it shows, and what an answer makes of the draft. Both are pure.
import type { Html } from '../html.ts';
import type { Draft } from './draft.ts';
import type { Facts } from './facts.ts';

export interface Option {
  label: string;
  /** What pressing it says; never seen outside. */
  answer: string;
}

export interface View {
  text: Html;
  rows: Option[][];
}

/** Pressed: an option's answer. Typed: a text. */
export type Given = { pressed: string } | { typed: string };

/**
 * The draft with the answer in it. `to`: where that leads; `stay`: the same screen shows something else; absent: the
 * question has its answer, and the next one follows.
 */
export type Answered = { draft: Draft; to?: 'stay' | (string & {}) } | { fault: string };

export interface Ask {
  view(draft: Draft, facts: Facts): View;
  answer(draft: Draft, given: Given, facts: Facts): Answered;
}

/** What “Look again” says: whoever presses it hears when there is nothing new. */
export const look = 'look';

/** Options in rows of this many. */
export function inRows(options: Option[], perRow: number): Option[][] {
  return Array.from({ length: Math.ceil(options.length / perRow) }, (_, i) =>
    options.slice(i * perRow, (i + 1) * perRow),
  );
}

/** What was pressed after this word, or undefined: `after('topic', 'topic a.b')` is `a.b`. */
export function after(word: string, given: Given): string | undefined {
  return 'pressed' in given && given.pressed.startsWith(`${word} `)
    ? given.pressed.slice(word.length + 1)
    : undefined;
}

/** Whether this was pressed. */
export function is(word: string, given: Given): boolean {
  return 'pressed' in given && given.pressed === word;
}
