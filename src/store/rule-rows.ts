// A rule and its row: what few rules say and what the owner's settings give stand in two columns of their own.
import type { Rule, RuleGround, RuleOptions } from '#core/rule.ts';

const options = [
  'bands',
  'emit',
  'unless',
  'verify',
  'shadow',
  'pilot',
  'template',
  'flapping',
  'origin',
  'begins',
] as const satisfies (keyof RuleOptions)[];

type Plain = Omit<Rule, keyof RuleOptions | keyof RuleGround>;
export type RuleRow = Plain & { options: RuleOptions; ground: RuleGround };

/** The rule of a row. */
export function ruleOf({ options, ground, ...plain }: RuleRow): Rule {
  return { ...plain, ...options, ...ground };
}

/** The row of a rule with this ground. */
export function rowOf(rule: Rule, { zone, lists }: RuleGround): RuleRow {
  const { zone: _zone, lists: _lists, ...rest } = rule;
  const told: Record<string, unknown> = {};
  const plain: Record<string, unknown> = { ...rest };
  for (const name of options) {
    if (rest[name] !== undefined) told[name] = rest[name];
    delete plain[name];
  }
  const ground = { ...(zone === undefined ? {} : { zone }), ...(lists === undefined ? {} : { lists }) };
  return { ...(plain as unknown as Plain), options: told as RuleOptions, ground };
}
