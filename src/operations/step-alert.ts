// The common course of every verb that changes one alert: lock, authorise, step, commit.
import type { Actor } from '#core/actor.ts';
import { type Alert, type Signal, stepAlert } from '#core/alert.ts';
import type { Json } from '#core/json.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { commit, findAlert } from '#store/alerts.ts';
import type { Tx } from '#store/connection.ts';
import { hasHeard } from '#store/hearers.ts';
import { settingsOf } from '#store/people.ts';
import { ruleOfAlert } from '#store/rules.ts';
import { together } from '#store/together.ts';
import { alertTruth } from './alert-truth.ts';
import { asKnown, refusalFor } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** The alert as it is after the change. */
export type AlertOutcome = Outcome<{ alert: Alert }>;

/**
 * Sends a signal to an alert for somebody. A signal that changes nothing is a conflict whose text is the current truth,
 * in the actor's own time zone.
 */
export function stepOneAlert(
  world: World,
  actor: Actor,
  verb: string,
  alertId: string,
  signalFor: (tx: Tx, alert: Alert) => Promise<{ signal: Signal; detail?: Json }>,
  now: number,
): Promise<AlertOutcome> {
  return write(world, actor, verb, now, async (tx) => {
    const [alert, rule, known] = await together([
      findAlert(tx, alertId, true),
      ruleOfAlert(tx, alertId),
      asKnown(tx, actor),
    ]);
    if (!alert) return refuse('not-found', 'I do not know this alert any more.');
    const refused = await refusalToStep(tx, known, alert);
    if (refused) return refused;
    const { signal, detail } = await signalFor(tx, alert);
    const step = stepAlert(alert, signal, now);
    if (!step) return refuse('conflict', alertTruth(alert, await zoneFor(tx, world, actor, alert), now));
    const rings = await commit(tx, [{ step, receivers: rule?.to ?? [], rule }], now);
    return { ok: true, result: { alert: step.alert }, target: alertId, rings, detail: detail ?? null };
  });
}

/** The refusal, or undefined for whoever may take care of it. */
export async function mayStep(tx: Tx, actor: Actor, alert: Alert): Promise<Refusal | undefined> {
  return refusalToStep(tx, await asKnown(tx, actor), alert);
}

/** Who was told in somebody's place, or as the next, may take care of it. */
async function refusalToStep(tx: Tx, known: Actor | undefined, alert: Alert): Promise<Refusal | undefined> {
  const refused = refusalFor(known, 'act', alert.ownerId);
  const wasTold = refused && known?.is === 'person' && (await hasHeard(tx, alert.id, known.personId));
  return wasTold ? undefined : refused;
}

async function zoneFor(tx: Tx, world: World, actor: Actor, alert: Alert): Promise<string> {
  const ownerId = actor.is === 'person' ? actor.personId : alert.ownerId;
  return (await settingsOf(tx, ownerId, world.defaultZone)).zone;
}
