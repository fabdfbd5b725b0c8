// What the rules of some alerts say about telling: on trial or not, and what they wait for.
import { and, inArray, isNull, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { RuleOptions } from '#core/rule.ts';
import { among } from './among.ts';
import type { Reader } from './connection.ts';
import { alerts } from './schema/alerts.ts';
import { rules } from './schema/rules.ts';

export interface RuleSays extends Pick<RuleOptions, 'shadow' | 'pilot' | 'unless'> {
  id: string;
  ownerId: string;
  name: string;
}

const columns = { id: rules.id, ownerId: rules.ownerId, name: rules.name, options: rules.options };
type Row = { id: string; ownerId: string; name: string; options: RuleOptions };

/** All rules of these owners, in the order in which they were made. */
export async function rulesOfOwners(db: Reader, ownerIds: string[]): Promise<RuleSays[]> {
  if (ownerIds.length === 0) return [];
  const rows = await db
    .select(columns)
    .from(rules)
    .where(and(among(rules.ownerId, ownerIds), isNull(rules.deletedAt)))
    .orderBy(rules.createdAt, rules.id);
  return rows.map(said);
}

/** What burns of these rules, oldest first. */
export async function burningOf(db: Reader, ruleIds: string[]): Promise<Alert[]> {
  if (ruleIds.length === 0) return [];
  return db
    .select()
    .from(alerts)
    .where(
      and(
        among(alerts.ruleId, ruleIds),
        sql`${alerts.status} <> 'resolved'`,
        inArray(alerts.status, ['firing', 'acknowledged']),
      ),
    )
    .orderBy(alerts.since, alerts.id)
    .limit(1000);
}

/** What a rule's row says of telling. */
export function said({ id, ownerId, name, options: { shadow, pilot, unless } }: Row): RuleSays {
  return {
    id,
    ownerId,
    name,
    ...(shadow ? { shadow } : {}),
    ...(pilot ? { pilot } : {}),
    ...(unless ? { unless } : {}),
  };
}
