// What an alert's message says of actions: what may be pressed, and what came of the last one.
import { mayPress } from '#core/act.ts';
import type { Alert } from '#core/alert.ts';
import { isGroup } from '#core/owner.ts';
import { actionsFor } from '#store/actions.ts';
import { lastActed } from '#store/alerts.ts';
import type { Reader } from '#store/connection.ts';
import { findPerson } from '#store/people.ts';

export interface Acting {
  /** On a button each. */
  actions: { id: string; title: string }[];
  /** What came of the last act. */
  acted: { text: string; by: string; at: number } | undefined;
}

const most = 6;

/** For whom it is shown: a person sees only what they may press, a group everything. */
export async function actingFor(db: Reader, alert: Alert, ownerId: string): Promise<Acting> {
  const [all, acted] = await Promise.all([actionsFor(db, alert), lastActed(db, alert.id)]);
  const person = all.length > 0 && !isGroup(ownerId) ? await findPerson(db, ownerId) : undefined;
  const own = all.filter(({ may }) => isGroup(ownerId) || (person !== undefined && mayPress(may, person)));
  return {
    actions: own.slice(0, most).map(({ id, title }) => ({ id, title })),
    acted,
  };
}
