// What an alert's message says of actions: what may be pressed, what came of the last one, and what somebody noted.
import { carries, mayPress } from '#core/act.ts';
import type { Alert } from '#core/alert.ts';
import { isGroup } from '#core/owner.ts';
import type { Action } from '#store/actions.ts';
import type { Reader } from '#store/connection.ts';
import { peopleNamed } from '#store/people.ts';
import type { Said } from '#store/pictures.ts';

export interface Acting {
  /** On a button each. */
  actions: { id: string; title: string }[];
  /** What came of the last act. */
  acted: Said | undefined;
  /** The last words that somebody left at it. */
  noted: Said | undefined;
}

const most = 6;

/** For whom each is shown: a person sees only what they may press, a group everything. */
export async function actingFor(
  db: Reader,
  shown: { alert: Alert; ownerId: string; acted: Acting['acted']; noted: Acting['noted'] }[],
  all: Action[],
): Promise<Acting[]> {
  const carried = shown.map(({ alert }) => all.filter((action) => carries(action, alert)));
  const pressing = shown.filter((_, i) => carried[i]!.length > 0).map(({ ownerId }) => ownerId);
  const found = await peopleNamed(
    db,
    pressing.filter((id) => !isGroup(id)),
  );
  const people = new Map(found.map((person) => [person.id, person]));
  return shown.map(({ ownerId, acted, noted }, i) => {
    const person = people.get(ownerId);
    const own = carried[i]!.filter(
      ({ may }) => isGroup(ownerId) || (person !== undefined && mayPress(may, person)),
    );
    return { actions: own.slice(0, most).map(({ id, title }) => ({ id, title })), acted, noted };
  });
}
