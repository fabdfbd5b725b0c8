// Confirm an action: the one who asked for it presses once more, and from then on it happens, once.
import type { Actor } from '#core/actor.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { shownAddress } from '#core/shown-address.ts';
import { type Act, confirmAct, dropAct, findAct, lastAct, lockActing } from '#store/acts.ts';
import type { Tx } from '#store/connection.ts';
import { enough, mayAct, standsInTheWay } from './press-action.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** `chatId`: where it was pressed; what was asked for in another chat is not known there. */
export interface ConfirmInput {
  actId: string;
  chatId: number;
  /** False: it shall not happen. */
  yes: boolean;
}

/** Confirms it, or drops it when `yes` is false. */
export function confirmAction(
  world: World,
  actor: Actor,
  { actId, chatId, yes }: ConfirmInput,
  now: number,
): Promise<Outcome<{ act: Act }>> {
  return write<{ act: Act }>(world, actor, yes ? 'confirm-action' : 'drop-action', now, async (tx) => {
    const act = await askedHere(tx, actor, { actId, chatId });
    if ('code' in act) return act;
    if (!yes) {
      await dropAct(tx, actId, now);
      return { ok: true, result: { act }, target: act.actionId, detail: { act: actId } };
    }
    if (act.expiresAt <= now) {
      await dropAct(tx, actId, now);
      return refuse('conflict', 'That was more than a minute ago. Press the button under the alert again.');
    }
    const { actionId, alertId, request } = act;
    const allowed = await mayAct(tx, actor, { actionId, alertId });
    if (!allowed.ok) return allowed;
    await lockActing(tx, actionId);
    // Somebody else asked at the same time and was first.
    const stands = standsInTheWay(await lastAct(tx, actionId, alertId), act.askedAt, now);
    if (stands) return stands;
    const limited = await enough(tx, allowed.action, now);
    if (limited) return limited;
    await confirmAct(tx, actId, now);
    const detail = {
      act: actId,
      action: act.action,
      alert: alertId,
      method: request.method,
      url: shownAddress(request.url),
    };
    const rings = [{ job: 'act' as const, id: actId }];
    return { ok: true, result: { act }, target: actionId, detail, rings };
  });
}

/** The act while it waits for this person's word. */
async function askedHere(
  tx: Tx,
  actor: Actor,
  { actId, chatId }: { actId: string; chatId: number },
): Promise<Act | Refusal> {
  const act = await findAct(tx, actId, true);
  if (!act || act.chatId !== chatId) return refuse('not-found', 'I do not know this any more.');
  if (actor.is !== 'person' || actor.personId !== act.byId)
    return refuse('forbidden', `Only ${act.by}, who asked for it, can say so.`);
  if (act.status === 'asked') return act;
  return refuse(
    'conflict',
    act.status === 'dropped' ? 'Nothing was done.' : 'You have confirmed this already.',
  );
}
