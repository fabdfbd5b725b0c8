// Group chats that Tocsin tells.
import { asc, eq, isNull, sql } from 'drizzle-orm';
import type { Reader, Tx } from './connection.ts';
import { findMarker, putMarker } from './markers.ts';
import { movedFrom } from './receivers.ts';
import { deliveries } from './schema/notifications.ts';
import { groups } from './schema/people.ts';
import { receivers } from './schema/receivers.ts';

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

const offMarker = (id: string) => `group-off:${id}`;

/** Whether an admin has switched this group off: then the bot's being there brings it back no more. */
export async function isSwitchedOff(db: Reader, id: string): Promise<boolean> {
  return ((await findMarker(db, offMarker(id)))?.value ?? 0) > 0;
}

/** Says so, or takes it back. */
export async function switchOff(tx: Tx, id: string, off: boolean): Promise<void> {
  await putMarker(tx, offMarker(id), off ? 1 : 0);
}

/** Of these chats, those to which something was told. */
export async function chatsTold(db: Reader, chatIds: number[]): Promise<Set<number>> {
  const rows = await db.execute<{ address: string }>(sql`
    select c.address from json_array_elements_text(${JSON.stringify(chatIds)}::text::json) as c(address)
      where exists (select 1 from ${deliveries} d
        where d.channel = 'telegram' and d.address = c.address and d.message_id is not null)`);
  return new Set(rows.map(({ address }) => Number(address)));
}

/** Whether the bot is known to be in it: somebody spoke to it there, or what was told came to stand there. A key only says so. */
export async function isProven(db: Reader, { chatId, createdBy }: Group): Promise<boolean> {
  return createdBy.startsWith('person:') || (await chatsTold(db, [chatId])).has(chatId);
}

/** Takes a group and where it was told away, as if it had never been made known. */
export async function forgetGroup(tx: Tx, id: string): Promise<void> {
  await tx.delete(receivers).where(eq(receivers.ownerId, id));
  await tx.delete(groups).where(eq(groups.id, id));
}
