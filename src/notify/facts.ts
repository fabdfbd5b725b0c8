// Gathers what the gates may know, in a fixed number of questions however many notifications wait.
import type { Alert } from '#core/alert.ts';
import { windowEnd } from '#core/hours.ts';
import type { Notification } from '#core/notification.ts';
import { house, isGroup, type Settings } from '#core/owner.ts';
import type { World } from '#operations/world.ts';
import type { Reader } from '#store/connection.ts';
import { type Copy, copiesOf } from '#store/copies.ts';
import { digestOf } from '#store/digests.ts';
import { findGroup } from '#store/groups.ts';
import { alertsNamed, tellingsOf } from '#store/notifications.ts';
import { optOutsOf } from '#store/opt-outs.ts';
import { findPerson } from '#store/people.ts';
import { findReceiver, type Receiver } from '#store/receivers.ts';
import { silencesFor } from '#store/silences.ts';
import { gatheringSince, sentWithin } from '#store/told-lately.ts';
import type { Facts, Telling } from './gate.ts';
import { type RuleFacts, ruleFactsOf } from './rule-facts.ts';

const day = 86_400_000;

/** What is true for everything told to one receiver. */
export type Ground = Pick<
  Facts,
  | 'disabled'
  | 'ownerLeft'
  | 'settings'
  | 'silences'
  | 'style'
  | 'sent'
  | 'gatheringSince'
  | 'everyChange'
  | 'optOuts'
  | 'digestTopics'
  | 'digestAt'
> & {
  receiver: Receiver | undefined;
  /** When the quiet hours that hold now end. */
  quietEnd: number | undefined;
};

/** The receiver, its owner and how they want to be told. */
export async function groundOf(db: Reader, world: World, receiverId: string, now: number): Promise<Ground> {
  const receiver = await findReceiver(db, receiverId);
  const ownerId = receiver?.ownerId ?? '';
  const style = receiver?.style ?? {};
  // Asked together, so that they are on their way together.
  const [owner, sent, gathering, optOuts, silences] = await Promise.all([
    isGroup(ownerId) ? findGroup(db, ownerId) : findPerson(db, ownerId),
    style.caps ? sentWithin(db, receiverId, now - day) : [],
    style.gather ? gatheringSince(db, receiverId) : undefined,
    optOutsOf(db, ownerId),
    silencesFor(db, [ownerId], now),
  ]);
  const settings: Settings = {
    zone: owner?.zone ?? world.defaultZone,
    quiet: owner?.quiet ?? null,
    away: owner && 'away' in owner ? owner.away : null,
    morning: owner?.morning ?? 540,
  };
  const left = optOuts.filter(({ channel }) => channel === '*' || channel === receiver?.channel);
  const digestTopics = left.filter(({ digest }) => digest).map(({ topic }) => topic);
  const digest = style.digest || digestTopics.length > 0 ? await digestOf(db, ownerId) : undefined;
  return {
    receiver,
    style,
    sent,
    ...(digest ? { digestAt: { next: digest.nextAt, last: digest.coveredUntil } } : {}),
    gatheringSince: gathering,
    disabled: receiver ? receiver.disabled : 'it was removed',
    ownerLeft: ownerId !== house && (!owner || owner.leftAt !== null),
    settings,
    everyChange: receiver?.everyChange ?? false,
    optOuts: left.filter(({ digest }) => !digest).map(({ topic }) => topic),
    digestTopics,
    silences,
    quietEnd: settings.quiet ? windowEnd(settings.quiet.window, settings.zone, now) : undefined,
  };
}

export interface Known {
  alerts: Map<string, Alert>;
  copies: Map<string, Copy>;
  told: Map<string, Telling[]>;
  rules: Map<string, RuleFacts>;
}

/** The alerts of these notifications and what the receiver knows of them. */
export async function knownOf(
  db: Reader,
  receiverId: string,
  notifications: Pick<Notification, 'alertId'>[],
): Promise<Known> {
  const ids = [
    ...new Set(notifications.map(({ alertId }) => alertId).filter((id): id is string => id !== null)),
  ];
  const [tellings, alerts, copies] = await Promise.all([
    tellingsOf(db, receiverId, ids),
    alertsNamed(db, ids),
    copiesOf(db, receiverId, ids),
  ]);
  const told = new Map<string, Telling[]>();
  for (const { id, kind, severity, status, alertId } of tellings)
    told.set(alertId!, [...(told.get(alertId!) ?? []), { id, kind, severity, status }]);
  return {
    rules: await ruleFactsOf(db, receiverId, alerts),
    alerts: new Map(alerts.map((alert) => [alert.id, alert])),
    copies: new Map(copies.map((copy) => [copy.alertId, copy])),
    told,
  };
}

/** The facts for one of them. `only`: which of the other messages count as told. */
export function factsOf(
  ground: Ground,
  known: Known,
  notification: Pick<Notification, 'id' | 'alertId'>,
  only: (telling: Telling) => boolean = () => true,
): Facts {
  const alertId = notification.alertId ?? '';
  const copy = known.copies.get(alertId);
  return {
    disabled: ground.disabled,
    ownerLeft: ground.ownerLeft,
    settings: ground.settings,
    silences: ground.silences,
    style: ground.style,
    sent: ground.sent,
    gatheringSince: ground.gatheringSince,
    ...(ground.digestAt ? { digestAt: ground.digestAt } : {}),
    everyChange: ground.everyChange ?? false,
    optOuts: ground.optOuts ?? [],
    digestTopics: ground.digestTopics ?? [],
    ...known.rules.get(alertId),
    alert: known.alerts.get(alertId) ?? null,
    heard: copy !== undefined,
    toldOver: copy?.overAt != null,
    told: (known.told.get(alertId) ?? []).filter(
      (telling) => telling.id !== notification.id && only(telling),
    ),
  };
}
