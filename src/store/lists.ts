// Named lists that people and groups keep, for conditions such as `block in $me.blocks`.
import { asc, eq } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { lists } from './schema.ts';

/** The names of an owner's lists, in order. */
export async function listNames(db: Reader, ownerId: string): Promise<string[]> {
  const rows = await db
    .select({ name: lists.name })
    .from(lists)
    .where(eq(lists.ownerId, ownerId))
    .orderBy(asc(lists.name));
  return rows.map(({ name }) => name);
}
