// What a rule waits for: the other rules must be there, and none of them may wait for it in turn.
import { circleOf, ruleNamed } from '#core/inhibition.ts';
import { nearest } from '#core/nearest.ts';
import type { Rule } from '#core/rule.ts';
import type { Reader } from '#store/connection.ts';
import { rulesOfOwners } from '#store/rule-says.ts';
import type { Fault } from './rule-draft.ts';

/** What is wrong with the rule's `unless`, each with its path. */
export async function unlessFaults(
  db: Reader,
  rule: Pick<Rule, 'id' | 'ownerId' | 'name' | 'unless'>,
): Promise<Fault[]> {
  if (!rule.unless) return [];
  const others = (await rulesOfOwners(db, [rule.ownerId])).filter(({ id }) => id !== rule.id);
  const faults = rule.unless.flatMap(({ rule: name }, at): Fault[] => {
    const path = `unless.${at}.rule`;
    if (ruleNamed(name, others)) return [];
    if (name === rule.id || name === rule.name) return [{ path, text: 'a rule cannot wait for itself' }];
    const meant = nearest(
      name,
      others.map((other) => other.name),
    );
    const text = `there is no rule “${name.slice(0, 60)}” here${meant ? `; did you mean “${meant}”?` : ''}`;
    return [{ path, text }];
  });
  if (faults.length > 0) return faults;
  const circle = circleOf(rule, others);
  return circle
    ? [
        {
          path: 'unless',
          text: `${circle.map((name) => `“${name}”`).join(' waits for ')}: they would wait for each other, and nobody would be told`,
        },
      ]
    : [];
}
