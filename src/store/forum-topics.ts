// Forum topics of chats: those that were made so that each service has its own, and those that people opened.
import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Reader, Tx } from './connection.ts';
import { holdName } from './locks.ts';
import { forumTopics } from './schema/receivers.ts';

/**
 * A topic of a chat by its name. `making`: asked for, and until the answer is known nobody can say whether it exists.
 * `gone`: it surely does not, and is made on the next need. `away`: it takes nothing before `until`.
 */
export type ForumTopic = typeof forumTopics.$inferSelect;
export type Chat = Pick<ForumTopic, 'channel' | 'address'>;

/** The name that stands for the chat as a whole: `away` while no topic can be made there. */
export const wholeChat = '*';
/** At most so many are made in a chat. */
export const mostMade = 20;
/** So many that people opened are remembered. */
const mostKnown = 200;

const at = ({ channel, address }: Chat, ...names: string[]) =>
  and(
    eq(forumTopics.channel, channel),
    eq(forumTopics.address, address),
    names.length === 0 ? undefined : inArray(forumTopics.name, names),
  );

/** Every topic that is known of a chat, by name, the chat as a whole included. */
export async function topicsOf(db: Reader, chat: Chat): Promise<ForumTopic[]> {
  return db.select().from(forumTopics).where(at(chat)).orderBy(forumTopics.name);
}

/** The topic with this name, and what is known of the chat as a whole. */
export async function topicNamed(
  db: Reader,
  chat: Chat,
  name: string,
): Promise<{ topic: ForumTopic | undefined; whole: ForumTopic | undefined }> {
  const rows = await db
    .select()
    .from(forumTopics)
    .where(at(chat, name, wholeChat));
  const find = (wanted: string) => rows.find((row) => row.name === wanted);
  return { topic: find(name), whole: find(wholeChat) };
}

/** The topic with this number. */
export async function topicAt(db: Reader, chat: Chat, thread: number): Promise<ForumTopic | undefined> {
  const [row] = await db
    .select()
    .from(forumTopics)
    .where(and(at(chat), eq(forumTopics.thread, thread)));
  return row;
}

/**
 * Commits the intent to make a topic. False when somebody else has it or had it, whether or not they ended well; then
 * it is not to be made. Also false when the chat has as many as it may.
 */
export async function beginTopic(tx: Tx, chat: Chat, name: string, now: number): Promise<boolean> {
  await holdName(tx, `forum:${chat.channel}|${chat.address}`);
  const made = await tx
    .select({ name: forumTopics.name })
    .from(forumTopics)
    .where(and(at(chat), eq(forumTopics.ours, true), ne(forumTopics.status, 'gone')));
  if (made.length >= mostMade && !made.some((one) => one.name === name)) return false;
  const begun = { status: 'making' as const, thread: null, why: null, until: null, ours: true, told: false };
  const rows = await tx
    .insert(forumTopics)
    .values({ ...chat, name, ...begun, since: now })
    .onConflictDoUpdate({
      target: [forumTopics.channel, forumTopics.address, forumTopics.name],
      set: { ...begun, since: now },
      setWhere: sql`${forumTopics.status} = 'gone' or (${forumTopics.status} = 'away' and ${forumTopics.thread} is null
        and ${forumTopics.until} <= ${new Date(now).toISOString()}::timestamptz)`,
    })
    .returning({ name: forumTopics.name });
  return rows.length > 0;
}

/** It stands, with this number. What was known of a number that now belongs to it is forgotten. */
export async function topicStands(
  db: Reader,
  chat: Chat,
  topic: { name: string; thread: number; ours?: boolean },
  now: number,
): Promise<void> {
  const { name, thread, ours } = topic;
  const open = { status: 'open' as const, thread, why: null, until: null, told: false };
  await db
    .insert(forumTopics)
    .values({ ...chat, name, ...open, ours: ours ?? false, since: now })
    .onConflictDoUpdate({
      target: [forumTopics.channel, forumTopics.address, forumTopics.name],
      set: { ...open, since: now, ...(ours === undefined ? {} : { ours }) },
    });
}

/** What was found out about one that was tried; `told` stays, so that the same trouble is said once. */
export async function setTopic(
  db: Reader,
  chat: Chat,
  name: string,
  change: Partial<Pick<ForumTopic, 'status' | 'thread' | 'why' | 'until' | 'ours'>>,
): Promise<void> {
  await db.update(forumTopics).set(change).where(at(chat, name));
}

/** No topic can be made in this chat before then. */
export async function chatAway(
  db: Reader,
  chat: Chat,
  why: string,
  until: number,
  now: number,
): Promise<void> {
  const away = { status: 'away' as const, why, until, since: now };
  await db
    .insert(forumTopics)
    .values({ ...chat, name: wholeChat, ...away, thread: null, ours: false, told: false })
    .onConflictDoUpdate({
      target: [forumTopics.channel, forumTopics.address, forumTopics.name],
      set: away,
    });
}

/** True for the first who is about to say what is wrong with it. */
export async function firstToTell(tx: Tx, chat: Chat, name: string): Promise<boolean> {
  const rows = await tx
    .update(forumTopics)
    .set({ told: true })
    .where(and(at(chat, name), eq(forumTopics.told, false)))
    .returning({ name: forumTopics.name });
  return rows.length > 0;
}

/** Everything that was in the way is tried again; topics of unknown fate are taken for gone. How many there were. */
export async function tryTopicsAgain(db: Reader, chat: Chat): Promise<number> {
  const opened = await db
    .update(forumTopics)
    .set({ status: 'open', why: null, until: null, told: false })
    .where(and(at(chat), eq(forumTopics.status, 'away'), sql`${forumTopics.thread} is not null`))
    .returning({ name: forumTopics.name });
  const dropped = await db
    .delete(forumTopics)
    .where(and(at(chat), inArray(forumTopics.status, ['away', 'making'])))
    .returning({ name: forumTopics.name });
  return opened.length + dropped.length;
}

/** The chat as a whole is tried again: it got topics, or we got the right to make them. */
export async function forgetTrouble(db: Reader, chat: Chat): Promise<boolean> {
  const rows = await db.delete(forumTopics).where(at(chat, wholeChat)).returning({ name: forumTopics.name });
  return rows.length > 0;
}

/** Whether a chat has so many known topics that no more are remembered without need. */
export async function knowsMany(db: Reader, chat: Chat): Promise<boolean> {
  return (await topicsOf(db, chat)).length >= mostKnown;
}

/** The chat is no more. */
export async function forgetTopics(db: Reader, chat: Chat): Promise<void> {
  await db.delete(forumTopics).where(at(chat));
}
