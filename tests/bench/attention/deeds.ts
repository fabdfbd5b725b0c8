// What the people of the month do with what they read: they acknowledge or snooze some minutes later, and let a rule be made quieter.
import { day, type Month, minute, mulberry, type Resident } from './month.ts';
import { asleep, type Seen } from './oracle.ts';

export interface Deed {
  at: number;
  chat: number;
  messageId: number;
  /** The buttons, one after another, by their labels. */
  presses: string[];
  person: Resident;
}

/** What is still to be done, soonest first. */
export interface Deeds {
  nextAt(): number;
  /** Takes what is due. */
  due(now: number): Deed | undefined;
}

/** Listens to everything that appears; nobody touches a phone in their night, nor after two days. */
export function deedsOf(month: Month, watch: (see: (one: Seen) => void) => void): Deeds {
  const chance = mulberry(month.begins);
  const people = new Map(month.people.map((person) => [person.chat, person]));
  const waiting: Deed[] = [];
  watch(({ at, chat, id, what, text }) => {
    const person = people.get(chat);
    if (!person || what !== 'new' || at < month.begins || at > month.ends + day) return;
    const presses = buttonsFor(person, text);
    if (presses.length === 0) return;
    let when = at + 2 * minute + Math.floor(chance() * 13 * minute);
    while (asleep(person, when)) when += 10 * minute;
    const deed = { at: when, chat, messageId: id, presses, person };
    const before = waiting.findIndex((other) => other.at > when);
    waiting.splice(before < 0 ? waiting.length : before, 0, deed);
  });
  return {
    nextAt: () => waiting[0]?.at ?? Number.POSITIVE_INFINITY,
    due: (now) => ((waiting[0]?.at ?? Number.POSITIVE_INFINITY) <= now ? waiting.shift() : undefined),
  };
}

export const takesOffer = 'Gather what comes here hourly';

function buttonsFor({ habit }: Resident, text: string): string[] {
  if (/Shall it be quieter\?/.test(text)) return [habit === 'quieter' ? takesOffer : 'Leave it as it is'];
  if (!/^(🔴|🟠|🔵)/u.test(text) || habit === 'reads') return [];
  return habit === 'snoozes' ? ['Snooze', '1 h'] : ['Acknowledge'];
}
