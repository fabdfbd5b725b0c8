// What operations and the chat may know of the kinds: their names, fields and checks. The evaluate room fills it in.
import type { Severity } from '#core/severity.ts';
import type { Wording } from '#core/wording.ts';

/** How the chat asks for one parameter. `cron` and `zone` are texts with a form of their own. */
export const fieldInputs = [
  'field',
  'number',
  'operator',
  'choice',
  'list',
  'duration',
  'cron',
  'zone',
  'expression',
] as const;
export type FieldInput = (typeof fieldInputs)[number];

/** One parameter of a kind, as a wizard or a form shows it. */
export interface KindField {
  name: string;
  label: string;
  hint: string;
  input: FieldInput;
  required: boolean;
  /** For `operator` and `choice`: the values that may be picked. */
  choices: string[];
}

/** A fault of one parameter: `path` names it (`clear`), `text` is a sentence for the person who wrote it. */
export interface ParamFault {
  path: string;
  text: string;
}

export type CheckedParams =
  | { ok: true; params: Record<string, unknown> }
  | { ok: false; faults: ParamFault[] };

export interface KindBook {
  /** The kinds, in the order in which they are offered. */
  names(): string[];
  /** What a person calls it: “Above or below a limit”. */
  title(kind: string): string;
  /** The params as the ledger keeps them, or every fault with its path. An unknown kind is a fault at `kind`. */
  check(kind: string, params: unknown): CheckedParams;
  /** A part of a sentence: `usage over 90`. Params must have passed `check`. */
  describe(kind: string, params: Record<string, unknown>): string;
  fields(kind: string): KindField[];
  /** Whether it is asked once when a rule is saved whose conditions name its only key. */
  begins(kind: string): boolean;
  /** What separates the alerts of a kind for which source and subject are wrong. */
  key?(kind: string): readonly string[] | undefined;
  /** Every fault of a rule's template; put in where the house is put together, since the notify room knows. */
  checkTemplate?(wording: Wording): ParamFault[];
  /** The severity used when neither the rule nor the event names one. */
  usualSeverity: Severity;
}
