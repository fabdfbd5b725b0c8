// What the owner's settings give to a rule: the zone of its hours, and the lists that its conditions name.
import { inArray } from 'drizzle-orm';
import { listsOf } from '#core/condition.ts';
import { isGroup } from '#core/owner.ts';
import type { Rule, RuleGround } from '#core/rule.ts';
import type { Reader } from './connection.ts';
import { groups, people } from './schema/people.ts';
import { lists } from './schema/rules.ts';

type Asked = Pick<Rule, 'ownerId' | 'match'>;

/** Read anew; an owner without a zone gives none, a list that is not there is empty. */
export async function groundFor(db: Reader, rule: Asked): Promise<RuleGround> {
  return (await groundsFor(db, [rule]))[0]!;
}

/** The grounds of many rules, in the same order. */
export async function groundsFor(db: Reader, rules: Asked[]): Promise<RuleGround[]> {
  const zones = await zonesOf(db, [...new Set(rules.map(({ ownerId }) => ownerId))]);
  const named = rules.filter(({ match }) => listsOf(match).length > 0).map(({ ownerId }) => ownerId);
  const kept = await listsOfOwners(db, [...new Set(named)]);
  return rules.map(({ ownerId, match }) => {
    const zone = zones.get(ownerId);
    const names = listsOf(match).filter((name) => kept.get(ownerId)?.has(name));
    const found = Object.fromEntries(names.map((name) => [name, kept.get(ownerId)!.get(name)!]));
    return {
      ...(zone === undefined ? {} : { zone }),
      ...(listsOf(match).length === 0 ? {} : { lists: found }),
    };
  });
}

async function zonesOf(db: Reader, ownerIds: string[]): Promise<Map<string, string>> {
  const zones = new Map<string, string>();
  for (const owners of [groups, people]) {
    const wanted = ownerIds.filter((id) => isGroup(id) === (owners === groups));
    if (wanted.length === 0) continue;
    const rows = await db
      .select({ id: owners.id, zone: owners.zone })
      .from(owners)
      .where(inArray(owners.id, wanted));
    for (const { id, zone } of rows) if (zone !== null) zones.set(id, zone);
  }
  return zones;
}

async function listsOfOwners(db: Reader, ownerIds: string[]): Promise<Map<string, Map<string, string[]>>> {
  const found = new Map<string, Map<string, string[]>>();
  if (ownerIds.length === 0) return found;
  for (const { ownerId, name, items } of await db
    .select()
    .from(lists)
    .where(inArray(lists.ownerId, ownerIds))) {
    const known = found.get(ownerId) ?? new Map<string, string[]>();
    found.set(ownerId, known.set(name, items));
  }
  return found;
}
