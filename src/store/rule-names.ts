// Rules by their names, which only their owner keeps apart.
import { and, eq, isNull, or, sql } from 'drizzle-orm';
import { among } from './among.ts';
import type { Reader } from './connection.ts';
import { rules } from './schema/rules.ts';

/** What these rules are called where none of their owner’s is called the same, otherwise their ids; those that are gone are not in it. */
export async function namesOfRules(db: Reader, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      id: rules.id,
      name: rules.name,
      isShared: sql<boolean>`exists (select 1 from ${rules} o where o.owner_id = ${rules}.owner_id
        and o.name = ${rules}.name and o.id <> ${rules}.id and o.deleted_at is null)`,
    })
    .from(rules)
    .where(and(among(rules.id, ids), isNull(rules.deletedAt)));
  return new Map(rows.map(({ id, name, isShared }) => [id, isShared ? id : name]));
}

/** The ids of an owner’s rules that are meant by an id or a name; more than one when a name is shared. */
export async function rulesMeant(db: Reader, ownerId: string, said: string): Promise<string[]> {
  const rows = await db
    .select({ id: rules.id })
    .from(rules)
    .where(
      and(eq(rules.ownerId, ownerId), or(eq(rules.id, said), eq(rules.name, said)), isNull(rules.deletedAt)),
    )
    .limit(20);
  const byId = rows.filter(({ id }) => id === said);
  return (byId.length > 0 ? byId : rows).map(({ id }) => id);
}
