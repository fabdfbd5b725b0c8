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
export type Answered = { draft: Draft } | { fault: string };

export interface Ask {
  view(draft: Draft, facts: Facts): View;
  /** The draft with the answer in it; where to go next is not its business. */
  answer(draft: Draft, given: Given, facts: Facts): Answered;
}

/** Options in rows of this many. */
export function inRows(options: Option[], perRow: number): Option[][] {
  return Array.from({ length: Math.ceil(options.length / perRow) }, (_, i) =>
    options.slice(i * perRow, (i + 1) * perRow),
  );
}
