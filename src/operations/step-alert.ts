// The common course of every verb that changes one alert: lock, authorise, step, commit.
import type { Actor } from '#core/actor.ts';
import type { Alert } from '#core/alert.ts';
import { stepAlert } from '#core/alert-life.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import type { AlertChange } from '#store/alert-change.ts';
import { commit, commitLast } from '#store/alerts.ts';
import { holdAlerts } from '#store/alerts-held.ts';
import type { Tx } from '#store/connection.ts';
import { gathered, latest } from '#store/gathered.ts';
import { hasHeard } from '#store/hearers.ts';
import { settingsOf } from '#store/people.ts';
import { together } from '#store/together.ts';
import { whyNot } from './alert-truth.ts';
import { type AlertNamed, type BySight, bySight, type Sent, writeAsSeen } from './by-sight.ts';
import { asKnown, knownActors, refusalFor } from './may.ts';
import type { World } from './world.ts';
import { type Done, type Wish, writeAll } from './write.ts';

/** The alert as it is after the change. */
export type AlertOutcome = Outcome<{ alert: Alert }>;

/** What is sent to an alert, and what the audit trail keeps of it. */
type SignalFor = (tx: Tx, alert: Alert) => Promise<Sent | 'done already'>;

interface AlertWish extends Wish, AlertNamed {
  /** What is sent, where it takes no question. */
  signalFor: SignalFor | Sent;
  now: number;
}

/**
 * Sends a signal to an alert for somebody. A signal that changes nothing is a conflict whose text is the current truth,
 * in the actor's own time zone. What many do at the same moment is one transaction.
 */
export function stepOneAlert(
  world: World,
  actor: Actor,
  verb: string,
  { alertId, seen }: AlertNamed,
  signalFor: AlertWish['signalFor'],
  now: number,
): Promise<AlertOutcome> {
  const wish = { actor, verb, alertId, seen, signalFor, now };
  const { read, quick } = lines.get(world) ?? openLines(world);
  const sight = bySight(wish);
  return sight ? quick(sight) : read(wish);
}

/** The same to several, in one transaction: the outcomes in their order. What is refused stops none of the others. */
export async function stepSeveralAlerts(
  world: World,
  actor: Actor,
  verb: string,
  alertIds: string[],
  signalFor: SignalFor,
  now: number,
): Promise<AlertOutcome[]> {
  const wishes = alertIds.map((alertId) => ({ actor, verb, alertId, signalFor, now }));
  return wishes.length === 0 ? [] : Promise.all(await stepAlerts(world, wishes, true));
}

const most = 50;
const lines = new WeakMap<World, Lines>();

interface Lines {
  read(wish: AlertWish): Promise<AlertOutcome>;
  /** Goes by what was seen; where that no longer holds, and behind another to the same alert, it is read. */
  quick(sight: BySight<AlertWish>): Promise<AlertOutcome>;
}

function openLines(world: World): Lines {
  const read = gathered((wishes: AlertWish[]) => stepAlerts(world, wishes, false), most);
  const quick = gathered(async (asked: BySight<AlertWish>[]) => {
    const ids = asked.map(({ wish }) => wish.alertId);
    const firsts = asked.filter((_, i) => ids.indexOf(ids[i]!) === i);
    const written = await writeAsSeen(world, firsts);
    return asked.map((one) => written?.[firsts.indexOf(one)] ?? read(one.wish));
  }, most);
  lines.set(world, { read, quick });
  return { read, quick };
}

/** In the order of the wishes. Nobody waits for an alert that somebody else holds, but whoever wants that one. */
async function stepAlerts(
  world: World,
  wishes: AlertWish[],
  waits: boolean,
): Promise<(AlertOutcome | Promise<AlertOutcome>)[]> {
  const ids = [...new Set(wishes.map(({ alertId }) => alertId))];
  const now = latest(wishes);
  const outcomes = await writeAll<{ alert: Alert }>(world, wishes, now, async (tx) => {
    const [held, knownOf] = await together([
      holdAlerts(tx, ids, !waits),
      knownActors(
        tx,
        wishes.map(({ actor }) => actor),
      ),
    ]);
    const changes = new Map<AlertWish, AlertChange>();
    const step = async (wish: AlertWish): Promise<Done<{ alert: Alert }> | Refusal | undefined> => {
      const found = held.get(wish.alertId);
      if (!found) return waits ? refuse('not-found', unknown) : undefined;
      const { alert, rule } = found;
      const refused = await refusalToStep(tx, knownOf(wish.actor), alert);
      if (refused) return refused;
      const { signalFor } = wish;
      const wanted = typeof signalFor === 'function' ? await signalFor(tx, alert) : signalFor;
      if (wanted === 'done already')
        return { ok: true, result: { alert }, target: alert.id, unchanged: true };
      const { signal, detail = null } = wanted;
      const stepped = stepAlert(alert, signal, wish.now);
      if (!stepped)
        return refuse(
          'conflict',
          whyNot(wish.verb, alert, await zoneFor(tx, world, wish.actor, alert), wish.now),
        );
      held.set(alert.id, { alert: stepped.alert, rule });
      changes.set(wish, { step: stepped, receivers: rule?.to ?? [], rule });
      return { ok: true, result: { alert: stepped.alert }, target: alert.id, detail };
    };
    const done = await stepInOrder(wishes, step);
    const made = wishes.flatMap((wish) => changes.get(wish) ?? []);
    const last = commitLast(tx, made, now);
    return last ? { done, last } : { done, rings: commit(tx, made, now) };
  });
  // It is held, or there is none: alone it is waited for.
  return outcomes.map((outcome, i) => outcome ?? stepAlerts(world, [wishes[i]!], true).then(([one]) => one!));
}

const unknown = 'I do not know this alert any more.';

/** Those of one alert one after the other, the alerts side by side. */
async function stepInOrder<T>(wishes: AlertWish[], step: (wish: AlertWish) => Promise<T>): Promise<T[]> {
  const last = new Map<string, Promise<unknown>>();
  const asked = wishes.map((wish) => {
    const before = last.get(wish.alertId);
    const own = before ? before.then(() => step(wish)) : step(wish);
    last.set(wish.alertId, own);
    return own;
  });
  return together(asked);
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

// A program has no clock on the wall.
async function zoneFor(tx: Tx, world: World, actor: Actor, alert: Alert): Promise<string | undefined> {
  if (actor.is === 'key') return undefined;
  const ownerId = actor.is === 'person' ? actor.personId : alert.ownerId;
  return (await settingsOf(tx, ownerId, world.defaultZone)).zone;
}
