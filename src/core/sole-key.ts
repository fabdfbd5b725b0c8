// The one alert that a rule can ever have, when its conditions leave nothing open.
import { type Condition, isMatcher } from './condition.ts';
import { alertKey, defaultKey, type Rule } from './rule.ts';

/** The fields that these conditions hold to one value each. */
export function fixedFields(match: readonly Condition[]): Map<string, string> {
  const fixed = new Map<string, string>();
  for (const condition of match) {
    if (isMatcher(condition)) {
      if (condition.op === '=' && condition.value !== '') fixed.set(condition.field, condition.value);
    } else if ('all' in condition) {
      for (const [field, value] of fixedFields(condition.all)) fixed.set(field, value);
    }
  }
  return fixed;
}

/**
 * The key of the only alert that the rule can have: its conditions name a value for each field of its key. Undefined
 * when they do not, and for the default key, to which senders may give names of their own.
 */
export function soleKey(rule: Pick<Rule, 'key' | 'match'>): string | undefined {
  if (rule.key.length === 0 || rule.key.join(' ') === defaultKey.join(' ')) return undefined;
  const fixed = fixedFields(rule.match);
  if (!rule.key.every((field) => fixed.has(field))) return undefined;
  const labels = Object.fromEntries(
    [...fixed].map(([field, value]) => [field.replace(/^labels\./, ''), value]),
  );
  const data = Object.fromEntries([...fixed].map(([field, value]) => [field.replace(/^data\./, ''), value]));
  return alertKey(rule, { id: '', source: '', type: '', subject: '', labels, data }).key;
}
