// Who did it: never a bare id.
export type Actor =
  | {
      is: 'person';
      personId: string;
      name: string;
      role: Role /** The chat they acted in, when it is a group's. */;
      groupId?: string;
      groupAdmin?: boolean;
    }
  | {
      is: 'key';
      sourceId: string;
      name: string;
      scopes: string[];
      /** The id of the person in whose name it acts. */
      forPerson?: string;
    }
  | { is: 'operator'; name: string }
  | { is: 'clock' };

export const roles = ['member', 'admin', 'owner'] as const;
export type Role = (typeof roles)[number];

/** How the actor is named in a message or the audit trail. */
export function actorName(actor: Actor): string {
  return actor.is === 'clock' ? 'Tocsin' : actor.name;
}

/** Who did something, and for whom: `person:p_…`, `key:s_…`, `key:s_… person:p_…`, `operator`, `clock`. */
export function deedRef(actor: Actor): string {
  if (actor.is !== 'key' || actor.forPerson === undefined) return actorRef(actor);
  return `${actorRef(actor)} person:${actor.forPerson}`;
}

/** The stable reference kept with a record: `person:p_…`, `key:s_…`, `operator`, `clock`. */
export function actorRef(actor: Actor): string {
  if (actor.is === 'person') return `person:${actor.personId}`;
  if (actor.is === 'key') return `key:${actor.sourceId}`;
  return actor.is;
}
