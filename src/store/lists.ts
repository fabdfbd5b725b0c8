// Named lists that people and groups keep, for conditions such as `block in $me.blocks`.
import { and, asc, eq } from 'drizzle-orm';
import type { Reader, Tx } from './connection.ts';
import { lists } from './schema/rules.ts';

export interface NamedList {
  name: string;
  items: string[];
  updatedAt: number;
}

/** The names of an owner's lists, in order. */
export async function listNames(db: Reader, ownerId: string): Promise<string[]> {
  const rows = await db
    .select({ name: lists.name })
    .from(lists)
    .where(eq(lists.ownerId, ownerId))
    .orderBy(asc(lists.name));
  return rows.map(({ name }) => name);
}

/** The owner's lists with what is in them, by name. */
export async function listsOf(db: Reader, ownerId: string): Promise<NamedList[]> {
  return db
    .select({ name: lists.name, items: lists.items, updatedAt: lists.updatedAt })
    .from(lists)
    .where(eq(lists.ownerId, ownerId))
    .orderBy(asc(lists.name));
}

/** One list, or undefined. */
export async function findList(db: Reader, ownerId: string, name: string): Promise<NamedList | undefined> {
  const [row] = await db
    .select({ name: lists.name, items: lists.items, updatedAt: lists.updatedAt })
    .from(lists)
    .where(and(eq(lists.ownerId, ownerId), eq(lists.name, name)));
  return row;
}

/** Writes a list, new or as it is now. Ground the owner's rules anew afterwards. */
export async function saveList(
  tx: Tx,
  ownerId: string,
  name: string,
  items: string[],
  now: number,
): Promise<void> {
  await tx
    .insert(lists)
    .values({ ownerId, name, items, updatedAt: now })
    .onConflictDoUpdate({ target: [lists.ownerId, lists.name], set: { items, updatedAt: now } });
}

/** Removes a list; false when there is none. */
export async function removeList(tx: Tx, ownerId: string, name: string): Promise<boolean> {
  const gone = await tx
    .delete(lists)
    .where(and(eq(lists.ownerId, ownerId), eq(lists.name, name)))
    .returning({ name: lists.name });
  return gone.length > 0;
}
