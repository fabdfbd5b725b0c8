// Press an action: somebody wants it for an alert. Most are asked once more; nothing has happened until it is confirmed.
import { createHash } from 'node:crypto';
import { carries, confirmMs, mayPress } from '#core/act.ts';
import type { Actor } from '#core/actor.ts';
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import { makeId } from '#core/id.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { shownAddress } from '#core/shown-address.ts';
import { type Action, findAction } from '#store/actions.ts';
import { type Act, actsSince, addAct, findAct, lastAct, lockActing } from '#store/acts.ts';
import type { Tx } from '#store/connection.ts';
import { findAlert } from '#store/find-alerts.ts';
import { findPerson } from '#store/people.ts';
import type { ActionBook } from './action-book.ts';
import { mayStep } from './step-alert.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const hour = 3_600_000;
/** So long after its end a press is still the second half of a double press. */
const doubleMs = 5_000;

/** `pressId`: Telegram's for this press, the same when the update is handled again. */
export interface PressInput {
  actionId: string;
  alertId: string;
  chatId: number;
  pressId: string;
}

/** `last`: what came of it the time before. `act.status` is `asked` where it is asked once more. */
export type Pressed = { act: Act; last: Act | undefined };

/** Pressing once more with the same `pressId` is the same act. */
export function pressAction(
  world: World,
  book: ActionBook,
  actor: Actor,
  { actionId, alertId, chatId, pressId }: PressInput,
  now: number,
): Promise<Outcome<Pressed>> {
  return write<Pressed>(world, actor, 'press-action', now, async (tx) => {
    const allowed = await mayAct(tx, actor, { actionId, alertId });
    if (!allowed.ok) return allowed;
    const { action, alert, person } = allowed;
    await lockActing(tx, actionId);
    const id = idOf(actionId, alertId, person.id, pressId);
    const last = await lastAct(tx, actionId, alertId);
    // The process died before the update was done: it is handled again, and nothing is wanted twice.
    const before = await findAct(tx, id);
    if (before) return { ok: true, result: { act: before, last }, target: actionId, unchanged: true };
    const stands = standsInTheWay(last, action.confirm ? now : now - doubleMs, now);
    if (stands) return stands;
    const limited = await enough(tx, action, now);
    if (limited) return limited;
    const wanted = { id, action: action.name, alert, by: person, now };
    const planned = book.plan(action.kind, action.params, wanted);
    if (!planned.ok) return refuse('conflict', `This cannot be done here: ${planned.fault}.`);
    const { request } = planned;
    await addAct(tx, {
      id,
      actionId,
      action: action.name,
      title: action.title,
      alertId,
      status: action.confirm ? 'asked' : 'confirmed',
      byId: person.id,
      by: person.name,
      chatId,
      request,
      askedAt: now,
      expiresAt: now + confirmMs,
      confirmedAt: action.confirm ? null : now,
      dueAt: action.confirm ? null : now,
    });
    const act = (await findAct(tx, id))!;
    const detail = {
      act: id,
      action: action.name,
      alert: alertId,
      method: request.method,
      url: shownAddress(request.url),
    };
    const rings = action.confirm ? [] : [{ job: 'act' as const, id }];
    return { ok: true, result: { act, last }, target: actionId, detail, rings };
  });
}

const idOf = (...parts: string[]) =>
  makeId('act', createHash('sha256').update(JSON.stringify(parts)).digest());

type Allowed = { ok: true; action: Action; alert: Alert; person: { id: string; name: string } };

/** Asked at the press and at the confirmation: in between somebody may have left, or the alert ended. */
export async function mayAct(
  tx: Tx,
  actor: Actor,
  { actionId, alertId }: { actionId: string; alertId: string },
): Promise<Allowed | Refusal> {
  const action = await findAction(tx, actionId);
  if (!action) return refuse('not-found', 'This action is not there any more.');
  const alert = await findAlert(tx, alertId);
  if (!alert) return refuse('not-found', 'I do not know this alert any more.');
  const refused = await mayStep(tx, actor, alert);
  if (refused) return refused;
  const person = actor.is === 'person' ? await findPerson(tx, actor.personId) : undefined;
  if (!person) return refuse('forbidden', 'Only a person can press this.');
  if (!mayPress(action.may, person)) return refuse('forbidden', `You may not press “${action.title}”.`);
  if (!carries(action, alert)) return refuse('conflict', 'It is over: there is nothing to do any more.');
  return { ok: true, action, alert, person: { id: person.id, name: person.name } };
}

/** What is under way, or has ended since then: nobody wants it twice because two pressed. */
export function standsInTheWay(last: Act | undefined, since: number, now: number): Refusal | undefined {
  if (!last) return undefined;
  const ago = sayDuration(now - (last.confirmedAt ?? now));
  if (last.endedAt === null)
    return refuse('conflict', `${last.by} started this ${ago} ago; there is no answer yet.`);
  return last.endedAt > since
    ? refuse('conflict', `${last.by} did this ${ago} ago: ${last.detail}.`)
    : undefined;
}

/** Too often within an hour. */
export async function enough(tx: Tx, action: Action, now: number): Promise<Refusal | undefined> {
  const count = await actsSince(tx, action.id, now - hour);
  if (count < action.perHour) return undefined;
  return refuse('conflict', `“${action.title}” was done ${count} times within the hour; that is its limit.`);
}
