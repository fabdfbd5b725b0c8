// A sentence for people about a place that does not work, told where they can be reached.
import type { Doorbell } from '#core/doorbell.ts';
import type { Reader } from '#store/connection.ts';
import { addNote } from '#store/notes.ts';
import { findPerson, peopleHere } from '#store/people.ts';
import { type Receiver, receiversNamed, receiversOf } from '#store/receivers.ts';

/** One sentence for each of these owners and every admin, at the first place where they can be reached. */
export async function tellElsewhere(
  db: Reader,
  ownerIds: string[],
  text: string,
  now: number,
  /** `not`: a receiver that does not work; `again`: a notification that can be tried again. */
  about: { not?: string; again?: number } = {},
): Promise<Doorbell[]> {
  const admins = await peopleHere(db, ['admin', 'owner']);
  const told = new Set([...ownerIds, ...admins.map(({ id }) => id)]);
  const all = await receiversOf(db, [...told]);
  const bells: Doorbell[] = [];
  for (const ownerId of told) {
    const own = all.filter((receiver) => receiver.ownerId === ownerId);
    const place = readable(own).find(({ id }) => id !== about.not);
    if (place) bells.push(...(await addNote(db, place.id, text, 'warning', now, about.again)));
  }
  return bells;
}

/** The same about receivers that were just switched off; nothing when there is none. `others`: who hears of it besides. */
export async function tellLost(
  db: Reader,
  lost: { channel: string; ids: string[]; why: string; others: string[] },
  now: number,
): Promise<Doorbell[]> {
  const off = await receiversNamed(db, lost.ids);
  const [first] = off;
  if (!first) return [];
  // The chat as a whole speaks for its topics.
  const { label, ownerId } = off.find(({ topic }) => topic === '') ?? first;
  // A private chat is called after the channel, which says nothing to anybody else.
  const person = label === 'Telegram' ? await findPerson(db, ownerId) : undefined;
  const text = `I can no longer reach ${person?.name ?? label} on ${lost.channel}: ${lost.why}. Nothing more is told there until it is switched on again.`;
  return tellElsewhere(db, [...off.map(({ ownerId }) => ownerId), ...lost.others], text, now);
}

/** Those that work and that a person reads, chats first: there they can answer. */
export function readable<R extends Pick<Receiver, 'disabled' | 'everyChange' | 'channel'>>(
  receivers: R[],
): R[] {
  const chats = (receiver: R) => (receiver.channel === 'telegram' ? 0 : 1);
  return receivers
    .filter(({ disabled, everyChange }) => disabled === null && !everyChange)
    .sort((a, b) => chats(a) - chats(b));
}
