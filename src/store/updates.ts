// The durable Telegram inbox: updates by their own number, handled in order per chat.
import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import { updates } from './schema.ts';

/** An update as it came; `notBefore`: it failed and is tried again then. */
export type KeptUpdate = typeof updates.$inferSelect;

/** An update before it is kept. Updates that share `chatKey` keep their order. */
export type NewUpdate = Pick<KeptUpdate, 'updateId' | 'chatKey' | 'payload'>;

/** Keeps updates; known numbers are left alone. The chat keys that have something new. */
export async function keepUpdates(db: Reader, rows: NewUpdate[], now: number): Promise<string[]> {
  if (rows.length === 0) return [];
  const kept = await db
    .insert(updates)
    .values(rows.map((row) => ({ ...row, receivedAt: now })))
    .onConflictDoNothing()
    .returning({ chatKey: updates.chatKey });
  return [...new Set(kept.map(({ chatKey }) => chatKey))];
}

/** The chat's first waiting update, or until when it waits: a failed one holds the chat until it is tried again. */
export async function nextUpdate(
  db: Reader,
  chatKey: string,
  now: number,
): Promise<{ update: KeptUpdate } | { heldUntil: number } | undefined> {
  const [update] = await db
    .select()
    .from(updates)
    .where(and(eq(updates.chatKey, chatKey), isNull(updates.doneAt)))
    .orderBy(asc(updates.updateId))
    .limit(1);
  if (!update) return undefined;
  return update.notBefore === null || update.notBefore <= now ? { update } : { heldUntil: update.notBefore };
}

/** Lets the rest of the chat wait for its first update, so that nobody looks for work there before. */
export async function holdBehind(db: Reader, chatKey: string, until: number): Promise<void> {
  const earlier = or(isNull(updates.notBefore), lt(updates.notBefore, until));
  await db
    .update(updates)
    .set({ notBefore: until })
    .where(and(eq(updates.chatKey, chatKey), isNull(updates.doneAt), earlier));
}

/** Counts an attempt before it is made, so that an update that kills its process is not tried for ever. */
export async function startUpdate(db: Reader, updateId: number): Promise<number> {
  const [row] = await db
    .update(updates)
    .set({ attempts: sql`${updates.attempts} + 1` })
    .where(eq(updates.updateId, updateId))
    .returning({ attempts: updates.attempts });
  return row?.attempts ?? 0;
}

/** Marks it handled and forgets what was in it, which may be a password; with the error it is given up, and stays. */
export async function finishUpdate(
  db: Reader,
  updateId: number,
  error: string | null,
  now: number,
): Promise<void> {
  await db
    .update(updates)
    .set({ doneAt: now, notBefore: null, error, ...(error === null ? { payload: {} } : {}) })
    .where(and(eq(updates.updateId, updateId), isNull(updates.doneAt)));
}

/** Puts it off after an attempt that failed. */
export async function postponeUpdate(
  db: Reader,
  updateId: number,
  error: string,
  notBefore: number,
): Promise<void> {
  await db
    .update(updates)
    .set({ notBefore, error })
    .where(and(eq(updates.updateId, updateId), isNull(updates.doneAt)));
}

/** Removes at most `limit` updates that were handled before then; how many went. */
export async function trimUpdates(db: Reader, before: number, limit = 1000): Promise<number> {
  const old = db
    .select({ id: updates.updateId })
    .from(updates)
    .where(lt(updates.doneAt, before))
    .limit(limit);
  const rows = await db
    .delete(updates)
    .where(inArray(updates.updateId, old))
    .returning({ id: updates.updateId });
  return rows.length;
}
