// “Not while the router is down”: which alerts explain another one, so that it need not be told.
import type { Alert } from './alert.ts';
import { own } from './own.ts';
import type { Rule } from './rule.ts';

/** What inhibition needs to know of the rules of one owner. */
export type Inhibiting = Pick<Rule, 'id' | 'name' | 'unless'>;

/** The rule that somebody named by its id or its name; the id goes first. */
export function ruleNamed<T extends Pick<Rule, 'id' | 'name'>>(
  name: string,
  rules: readonly T[],
): T | undefined {
  return rules.find(({ id }) => id === name) ?? rules.find((rule) => rule.name === name);
}

/** The names on the way by which a rule waits for itself; undefined when it does not: then somebody is always told. */
export function circleOf(rule: Inhibiting, rules: readonly Inhibiting[]): string[] | undefined {
  const known = [...rules.filter(({ id }) => id !== rule.id), rule];
  const seen = new Set<string>();
  const walk = (from: Inhibiting, way: string[]): string[] | undefined => {
    for (const { rule: name } of from.unless ?? []) {
      const next = ruleNamed(name, known);
      if (!next) continue;
      if (next.id === rule.id) return [...way, next.name];
      if (seen.has(next.id)) continue;
      seen.add(next.id);
      const found = walk(next, [...way, next.name]);
      if (found) return found;
    }
    return undefined;
  };
  return walk(rule, []);
}

/** The alert that explains this one; undefined: none. Rules that wait for each other explain nothing. */
export function explainedBy(
  rule: Inhibiting,
  alert: Alert,
  rules: readonly Inhibiting[],
  burning: readonly Alert[],
): Alert | undefined {
  if (!rule.unless || circleOf(rule, rules)) return undefined;
  for (const { rule: name, same = [] } of rule.unless) {
    const other = ruleNamed(name, rules);
    const found = burning.find(
      (one) =>
        other !== undefined &&
        one.ruleId === other.id &&
        (one.status === 'firing' || one.status === 'acknowledged') &&
        same.every((label) => sameValue(one, alert, label)),
    );
    if (found) return found;
  }
  return undefined;
}

// What neither of them says is not the same.
function sameValue(a: Alert, b: Alert, label: string): boolean {
  const [left, right] = [saidOf(a, label), saidOf(b, label)];
  return left !== undefined && left === right;
}

function saidOf({ labels, fields }: Alert, name: string): string | undefined {
  return own(labels, name) ?? own(fields, name);
}
