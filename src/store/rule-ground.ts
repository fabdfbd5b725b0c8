// What the owner's settings give to a rule: the zone of its hours, and the lists that its conditions name.
import { and, eq, inArray } from 'drizzle-orm';
import { listsOf } from '#core/condition.ts';
import { isGroup } from '#core/owner.ts';
import type { Rule, RuleGround } from '#core/rule.ts';
import type { Reader } from './connection.ts';
import { groups, lists, people } from './schema.ts';

/** Read anew; an owner without a zone gives none, a list that is not there is empty. */
export async function groundFor(db: Reader, rule: Pick<Rule, 'ownerId' | 'match'>): Promise<RuleGround> {
  const owners = isGroup(rule.ownerId) ? groups : people;
  const [owner] = await db.select({ zone: owners.zone }).from(owners).where(eq(owners.id, rule.ownerId));
  const zone = owner?.zone ?? undefined;
  const names = listsOf(rule.match);
  const found =
    names.length === 0
      ? []
      : await db
          .select({ name: lists.name, items: lists.items })
          .from(lists)
          .where(and(eq(lists.ownerId, rule.ownerId), inArray(lists.name, names)));
  return {
    ...(zone === undefined ? {} : { zone }),
    ...(names.length === 0
      ? {}
      : { lists: Object.fromEntries(found.map(({ name, items }) => [name, items])) }),
  };
}
