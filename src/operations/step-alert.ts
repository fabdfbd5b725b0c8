// The common course of every verb that changes one alert: lock, authorise, step, commit.
import type { Actor } from '#core/actor.ts';
import type { Alert, Signal } from '#core/alert.ts';
import { stepAlert } from '#core/alert-life.ts';
import type { Json } from '#core/json.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { type AlertChange, isPlain } from '#store/alert-change.ts';
import { commit, commitLast } from '#store/alerts.ts';
import { holdAlerts, holdAsSeen, isOutdated, type Seen } from '#store/alerts-held.ts';
import type { Tx } from '#store/connection.ts';
import { gathered, latest } from '#store/gathered.ts';
import { hasHeard } from '#store/hearers.ts';
import { type Person, settingsOf } from '#store/people.ts';
import { together } from '#store/together.ts';
import { whyNot } from './alert-truth.ts';
import { asKnown, knownActors, refusalFor } from './may.ts';
import type { World } from './world.ts';
import { type Done, type Wish, writeAll } from './write.ts';

/** The alert as it is after the change. */
export type AlertOutcome = Outcome<{ alert: Alert }>;

/** What is sent to an alert, and what the audit trail keeps of it. */
type SignalFor = (tx: Tx, alert: Alert) => Promise<Sent | 'done already'>;

interface Sent {
  signal: Signal;
  detail?: Json;
}

/** Which alert. */
export interface AlertNamed {
  alertId: string;
  /** It as it was a moment ago, and who wants something of it: where that still holds, nothing is read again. */
  seen?: { by: Pick<Person, 'id' | 'role' | 'leftAt'>; it: Seen } | undefined;
}

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
  const line = lines.get(world) ?? gathered((wishes: AlertWish[]) => stepTogether(world, wishes), most);
  lines.set(world, line);
  return line({ actor, verb, alertId, seen, signalFor, now });
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
const lines = new WeakMap<World, (wish: AlertWish) => Promise<AlertOutcome>>();

/** Those that go by what was seen are written at once; the others, and those for which it no longer holds, read first. */
async function stepTogether(
  world: World,
  wishes: AlertWish[],
): Promise<(AlertOutcome | Promise<AlertOutcome>)[]> {
  const { quick, others } = sortBySight(wishes);
  const [asSeen, read] = await Promise.all([
    quick.length > 0 ? stepAsSeen(world, quick) : [],
    others.length > 0 ? stepAlerts(world, others, false) : [],
  ]);
  const places = new Map([
    ...quick.map(({ wish }, i) => [wish, asSeen[i]!] as const),
    ...others.map((wish, i) => [wish, read[i]!] as const),
  ]);
  return wishes.map((wish) => places.get(wish)!);
}

/** In one write: they are locked as they were seen, or nothing is done. */
async function stepAsSeen(world: World, quick: Quick[]): Promise<(AlertOutcome | Promise<AlertOutcome>)[]> {
  const wishes = quick.map(({ wish }) => wish);
  const now = latest(wishes);
  const done = quick.map(({ change, detail }) => {
    const { alert } = change.step;
    return { ok: true, result: { alert }, target: alert.id, detail } as const;
  });
  const changes = quick.map(({ change }) => change);
  const seen = quick.map(({ seen: { it, by } }) => ({ ...it, personId: by.id, role: by.role }));
  try {
    const outcomes = await writeAll<{ alert: Alert }>(world, wishes, now, async (tx) => {
      const last = commitLast(tx, changes, now)!;
      return {
        done,
        last: {
          statements: [holdAsSeen(tx, seen), ...last.statements],
          rings: ([, ...answers]) => last.rings(answers),
        },
      };
    });
    return outcomes.map((outcome) => outcome!);
  } catch (error) {
    if (!isOutdated(error)) throw error;
    return stepAlerts(world, wishes, false);
  }
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

interface Quick {
  wish: AlertWish;
  seen: NonNullable<AlertNamed['seen']>;
  change: AlertChange;
  detail: Json;
}

/** Quick: whoever may do it, to what lets it be done, the first to each alert, where nobody but a machine is told of it. */
function sortBySight(wishes: AlertWish[]): { quick: Quick[]; others: AlertWish[] } {
  const taken = new Set<string>();
  const quick: Quick[] = [];
  const others: AlertWish[] = [];
  for (const wish of wishes) {
    const change = taken.has(wish.alertId) ? undefined : changeBySight(wish);
    taken.add(wish.alertId);
    if (change) quick.push(change);
    else others.push(wish);
  }
  return { quick, others };
}

function changeBySight(wish: AlertWish): Quick | undefined {
  const { actor, seen, signalFor } = wish;
  if (!seen || typeof signalFor === 'function' || seen.it.alert.id !== wish.alertId) return undefined;
  const { by, it } = seen;
  if (actor.is !== 'person' || by.id !== actor.personId || by.leftAt !== null) return undefined;
  if (refusalFor({ ...actor, role: by.role }, 'act', it.alert.ownerId)) return undefined;
  const step = stepAlert(it.alert, signalFor.signal, wish.now);
  const change = step && { step, receivers: it.rule?.to ?? [], rule: it.rule };
  return change && isPlain(change) ? { wish, seen, change, detail: signalFor.detail ?? null } : undefined;
}

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
