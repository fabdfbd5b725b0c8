// Group chats that Tocsin tells.
import { asc, eq, isNull } from 'drizzle-orm';
import type { Reader, Tx } from './connection.ts';
import { findMarker } from './markers.ts';
import { movedFrom } from './receivers.ts';
import { groups, receivers } from './schema.ts';

/** A group chat; `leftAt`: the bot is no longer in it. */
export type Group = typeof groups.$inferSelect;

/** The group with this id, also one that was left. */
export async function findGroup(db: Reader, id: string): Promise<Group | undefined> {
  const [row] = await db.select().from(groups).where(eq(groups.id, id));
  return row;
}

/** The group behind a Telegram chat, also one that was left. */
export async function findGroupByChat(db: Reader, chatId: number): Promise<Group | undefined> {
  const [row] = await db.select().from(groups).where(eq(groups.chatId, chatId));
  return row;
}

/** The groups that Tocsin is in, by title; at most `limit`. */
export async function groupsHere(db: Reader, limit: number): Promise<Group[]> {
  return db
    .select()
    .from(groups)
    .where(isNull(groups.leftAt))
    .orderBy(asc(groups.title), asc(groups.id))
    .limit(limit);
}

/** The group that a chat became, when it moved; for what still stands in the old one. */
export async function findMovedGroup(db: Reader, chatId: number): Promise<Group | undefined> {
  const moved = await findMarker(db, movedFrom(chatId));
  return moved && findGroupByChat(db, moved.value);
}

/** Writes the whole group, new or known. Two registrations at once: the later one changes the earlier row. */
export async function saveGroup(db: Reader, group: Omit<Group, 'care'>): Promise<Group> {
  const { id: _id, chatId: _chatId, createdAt: _createdAt, createdBy: _createdBy, ...changes } = group;
  const [row] = await db
    .insert(groups)
    .values(group)
    .onConflictDoUpdate({ target: groups.chatId, set: changes })
    .returning();
  return row!;
}

/** Takes a group and where it was told away, as if it had never been made known. */
export async function forgetGroup(tx: Tx, id: string): Promise<void> {
  await tx.delete(receivers).where(eq(receivers.ownerId, id));
  await tx.delete(groups).where(eq(groups.id, id));
}
