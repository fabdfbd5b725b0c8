// Whose something is, as it is said outside: `telegram:7001`, `telegram:-100123` for a group, or an id of ours.
import { and, eq, isNull } from 'drizzle-orm';
import { isGroup } from '#core/owner.ts';
import type { Reader } from './connection.ts';
import { findGroup, findGroupByChat, type Group } from './groups.ts';
import { groups, people } from './schema/people.ts';

/** The number of a group's chat, said as `telegram:-100123`: below zero, and one that a number can hold. */
export function chatNamed(said: string): number | undefined {
  const chat = Number(/^telegram:(-[1-9]\d{0,15})$/.exec(said)?.[1]);
  return Number.isSafeInteger(chat) ? chat : undefined;
}

/** The group that is said so, also one that was left. */
export async function groupNamed(db: Reader, said: string): Promise<Group | undefined> {
  const chat = chatNamed(said);
  if (chat !== undefined) return findGroupByChat(db, chat);
  return isGroup(said) ? findGroup(db, said.slice(0, 64)) : undefined;
}

/** The id of the person or group, when there is one and it has not left. */
export async function ownerNamed(db: Reader, said: string): Promise<string | undefined> {
  const number = /^telegram:(-?\d{1,16})$/.exec(said)?.[1];
  const [person] = await db
    .select({ id: people.id })
    .from(people)
    .where(and(isNull(people.leftAt), number ? eq(people.telegramId, Number(number)) : eq(people.id, said)));
  if (person) return person.id;
  const [group] = await db
    .select({ id: groups.id })
    .from(groups)
    .where(and(isNull(groups.leftAt), number ? eq(groups.chatId, Number(number)) : eq(groups.id, said)));
  return group?.id;
}
