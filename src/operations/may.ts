// Who may do what: the one table of rights, and the check of it against the ledger.
import type { Actor, Role } from '#core/actor.ts';
import { type Refusal, refuse } from '#core/outcome.ts';
import { isGroup } from '#core/owner.ts';
import type { Reader } from '#store/connection.ts';
import { findPerson, peopleNamed } from '#store/people.ts';

/** What somebody is to an owner. `own`: it is theirs; `member`, `head`: of the group chat whose it is; `staff`: admins and owners of this installation. */
type Standing = 'own' | 'member' | 'head' | 'staff' | 'operator' | 'clock' | 'none';

/**
 * act: acknowledge, release, resolve and snooze an alert · rule: make and change rules, mute · settings: zone, morning,
 * quiet hours · outside: declare what may be done outside · broadcast: tell a group, or many, something · group: make a chat known · invite · packs: offer rules to everybody · words: say how a topic is worded · erase: forget a person · remove: forget a chat, follow its move, switch an address off or on.
 */
const rights = {
  act: ['own', 'member', 'head', 'staff', 'operator'],
  rule: ['own', 'head', 'staff', 'operator'],
  settings: ['own', 'head', 'staff', 'operator'],
  outside: ['staff', 'operator'],
  broadcast: ['head', 'staff', 'operator'],
  group: ['own', 'staff', 'operator'],
  invite: ['staff', 'operator'],
  packs: ['staff', 'operator'],
  words: ['staff', 'operator'],
  erase: ['own', 'staff', 'operator'],
  remove: ['head', 'staff', 'operator', 'clock'],
} as const satisfies Record<string, Standing[]>;
export type Deed = keyof typeof rights;

const refusals: Record<Deed, { own: string; group: string }> = {
  act: { own: 'This belongs to somebody else.', group: 'Only members of that group can do this.' },
  rule: {
    own: 'This rule belongs to somebody else.',
    group: 'Only admins of the group can change its rules.',
  },
  settings: {
    own: 'These settings belong to somebody else.',
    group: 'Only admins of the group can change its settings.',
  },
  outside: { own: 'Only admins can declare actions.', group: 'Only admins can declare actions.' },
  broadcast: {
    own: 'Only admins can broadcast.',
    group: 'Only admins of the group can broadcast to it.',
  },
  group: {
    own: 'Only people who use me can add me to a group.',
    group: 'Only people who use me can do this.',
  },
  invite: { own: 'Only admins can invite people.', group: 'Only admins can invite people.' },
  packs: { own: 'Only admins can do this.', group: 'Only admins can do this.' },
  words: { own: 'Only admins can do this.', group: 'Only admins can do this.' },
  erase: { own: 'Only admins can remove somebody.', group: 'A group cannot be removed like this.' },
  remove: { own: 'You cannot do this.', group: 'Only admins of the group can do this.' },
};

/** What this actor is to the owner. API keys with the scope `admin` count as staff. */
function standing(actor: Actor, ownerId: string): Standing {
  if (actor.is === 'operator' || actor.is === 'clock') return actor.is;
  if (actor.is === 'key') return actor.scopes.includes('admin') ? 'staff' : 'none';
  if (ownerId === actor.personId) return 'own';
  if (actor.role === 'admin' || actor.role === 'owner') return 'staff';
  if (!isGroup(ownerId) || actor.groupId !== ownerId) return 'none';
  return actor.groupAdmin === true ? 'head' : 'member';
}

/** Whether the actor may do this to what belongs to `ownerId`; the actor is taken at their word. */
export function may(actor: Actor, deed: Deed, ownerId: string): boolean {
  return (rights[deed] as readonly Standing[]).includes(standing(actor, ownerId));
}

/**
 * The refusal, or undefined when the actor may. A person's role is read from the ledger, so that somebody who has left
 * or was lowered can do no more than they may now, whatever the caller still believes.
 */
export async function authorise(
  db: Reader,
  actor: Actor,
  deed: Deed,
  ownerId: string,
): Promise<Refusal | undefined> {
  return refusalFor(await asKnown(db, actor), deed, ownerId);
}

/** The actor with the role that the ledger knows now; undefined for somebody who has left. */
export async function asKnown(db: Reader, actor: Actor): Promise<Actor | undefined> {
  return (await knownActors(db, [actor]))(actor);
}

/** The same for many, with one question. */
export async function knownActors(db: Reader, actors: Actor[]): Promise<(actor: Actor) => Actor | undefined> {
  const ids = new Set(actors.flatMap((actor) => personIn(actor) ?? []));
  const people = new Map((await peopleNamed(db, [...ids])).map((person) => [person.id, person]));
  return (actor) => {
    const id = personIn(actor);
    if (id === undefined) return actor;
    const person = people.get(id);
    if (!person || person.leftAt !== null) return undefined;
    return actor.is === 'person' ? { ...actor, role: person.role } : actor;
  };
}

const personIn = (actor: Actor): string | undefined =>
  actor.is === 'person' ? actor.personId : actor.is === 'key' ? actor.forPerson : undefined;

/** The same as `authorise`, where the actor was asked for before. */
export function refusalFor(known: Actor | undefined, deed: Deed, ownerId: string): Refusal | undefined {
  if (!known) return refuse('forbidden', 'You no longer have access here.');
  if (may(known, deed, ownerId)) return undefined;
  return refuse('forbidden', refusals[deed][isGroup(ownerId) ? 'group' : 'own']);
}

/** The role that the ledger knows of this actor; undefined for those without one. */
export async function roleOf(db: Reader, actor: Actor): Promise<Role | undefined> {
  if (actor.is === 'operator') return 'owner';
  if (actor.is === 'key') return actor.scopes.includes('admin') ? 'admin' : undefined;
  if (actor.is !== 'person') return undefined;
  const person = await findPerson(db, actor.personId);
  return person && person.leftAt === null ? person.role : undefined;
}
