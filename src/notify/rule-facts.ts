// What the gates may know of the rules behind alerts: whether they are on trial, and which alert explains another.
import type { Alert } from '#core/alert.ts';
import { explainedBy, ruleNamed } from '#core/inhibition.ts';
import type { Reader } from '#store/connection.ts';
import { burningOf, type RuleSays, rulesOfOwners } from '#store/rule-says.ts';
import type { Facts } from './gate.ts';

export type RuleFacts = Required<Pick<Facts, 'onTrial' | 'explainedBy'>>;

/** Of alerts of these rules, for each receiver; undefined where the rules say nothing. */
export async function ruleFactsOf(
  db: Reader,
  rules: RuleSays[],
): Promise<(receiverId: string, alert: Alert) => RuleFacts | undefined> {
  const says = new Map(rules.map((rule) => [rule.id, rule]));
  if (says.size === 0) return () => undefined;
  const waiting = [...says.values()].filter(({ unless }) => unless);
  const known = await rulesOfOwners(db, [...new Set(waiting.map(({ ownerId }) => ownerId))]);
  const siblings = (ownerId: string) => known.filter((rule) => rule.ownerId === ownerId);
  const named = waiting.flatMap(({ ownerId, unless }) =>
    unless!.flatMap(({ rule }) => ruleNamed(rule, siblings(ownerId))?.id ?? []),
  );
  const burning = await burningOf(db, [...new Set(named)]);
  return (receiverId, alert) => {
    const rule = says.get(alert.ruleId);
    return (
      rule && {
        onTrial: rule.shadow === true && !rule.pilot?.includes(receiverId),
        explainedBy: explainedBy(rule, alert, siblings(rule.ownerId), burning) ?? null,
      }
    );
  };
}
