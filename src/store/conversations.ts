// What running conversations remember; the shape that grammY's storage adapter asks for.
import { eq, lt } from 'drizzle-orm';
import { cleanJson } from '#core/clean.ts';
import type { Json } from '#core/json.ts';
import type { Reader } from './connection.ts';
import { conversations } from './schema/chat.ts';

/** What was kept under this key, or undefined. */
export async function readConversation(db: Reader, key: string): Promise<Json | undefined> {
  const [row] = await db
    .select({ value: conversations.value })
    .from(conversations)
    .where(eq(conversations.key, key));
  return row?.value;
}

/** Keeps a value; characters that PostgreSQL refuses are cleaned away. */
export async function writeConversation(db: Reader, key: string, value: Json, now: number): Promise<void> {
  const clean = cleanJson(value);
  await db
    .insert(conversations)
    .values({ key, value: clean, updatedAt: now })
    .onConflictDoUpdate({ target: conversations.key, set: { value: clean, updatedAt: now } });
}

/** Forgets it. */
export async function deleteConversation(db: Reader, key: string): Promise<void> {
  await db.delete(conversations).where(eq(conversations.key, key));
}

/** Removes what nobody has touched since then. */
export async function trimConversations(db: Reader, before: number): Promise<void> {
  await db.delete(conversations).where(lt(conversations.updatedAt, before));
}
