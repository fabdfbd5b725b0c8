// The declared actions, what one would do for an alert, and the ledger of what was done.
import type { ActRequest } from '#core/act.ts';
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { house } from '#core/owner.ts';
import { type Action, allActions, findAction } from '#store/actions.ts';
import { type Act, actsMade } from '#store/acts.ts';
import { findAlert } from '#store/find-alerts.ts';
import type { ActionBook } from './action-book.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';

export type Shown = Omit<Action, 'secret'>;

/** The action as it may be shown. */
export const withoutSecret = ({ secret: _, ...rest }: Action): Shown => rest;

/** All of them. */
export async function listActions(world: World, actor: Actor): Promise<Outcome<{ actions: Shown[] }>> {
  const { db } = world.database;
  const refused = await authorise(db, actor, 'outside', house);
  if (refused) return refused;
  return { ok: true, actions: (await allActions(db)).map(withoutSecret) };
}

/** One of them, by id or name. */
export async function readAction(
  world: World,
  actor: Actor,
  { action: named }: { action: string },
): Promise<Outcome<{ action: Shown }>> {
  const { db } = world.database;
  const refused = await authorise(db, actor, 'outside', house);
  if (refused) return refused;
  const action = await findAction(db, named);
  return action
    ? { ok: true, action: withoutSecret(action) }
    : refuse('not-found', 'There is no such action.');
}

/** Exactly what would be sent for this alert; nothing is. */
export async function tryAction(
  world: World,
  book: ActionBook,
  actor: Actor,
  { action: named, alertId }: { action: string; alertId: string },
  now: number,
): Promise<Outcome<{ request: ActRequest }>> {
  const read = await readAction(world, actor, { action: named });
  if (!read.ok) return read;
  const alert = await findAlert(world.database.db, alertId);
  if (!alert) return refuse('not-found', 'There is no alert with this id.');
  const { kind, params, name } = read.action;
  const by = { id: 'nobody', name: 'nobody' };
  const planned = book.plan(kind, params, { id: 'act_example', action: name, alert, by, now });
  return planned.ok ? planned : refuse('conflict', `It cannot be done for this alert: ${planned.fault}.`);
}

/** What was asked for, confirmed and done, the newest first. */
export async function listActs(
  world: World,
  actor: Actor,
  { action: named, ...page }: { action?: string; before?: number; limit?: number },
): Promise<Outcome<{ acts: Act[] }>> {
  const { db } = world.database;
  const refused = await authorise(db, actor, 'outside', house);
  if (refused) return refused;
  const action = named === undefined ? undefined : await findAction(db, named);
  if (named !== undefined && !action) return refuse('not-found', 'There is no such action.');
  return { ok: true, acts: await actsMade(db, { ...page, ...(action ? { actionId: action.id } : {}) }) };
}
