// Gathers what the gates may know, in a fixed number of questions however many receivers and notifications wait.
import type { Alert } from '#core/alert.ts';
import { windowEnd } from '#core/hours.ts';
import type { Notification } from '#core/notification.ts';
import { house, type Settings } from '#core/owner.ts';
import type { World } from '#operations/world.ts';
import type { Reader } from '#store/connection.ts';
import type { Copy } from '#store/copies.ts';
import { digestsOf } from '#store/digests.ts';
import { type GateRows, gateRows } from '#store/gate-rows.ts';
import type { OwnerSays, Receiver } from '#store/receivers.ts';
import { together } from '#store/together.ts';
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

/** Each of these receivers, its owner and how they want to be told. */
export async function groundsOf(
  db: Reader,
  world: World,
  receiverIds: string[],
  now: number,
): Promise<Map<string, Ground>> {
  const rows = await gateRows(
    db,
    receiverIds.map((receiverId) => ({ receiverId, alertId: null })),
    now,
  );
  return groundsFrom(db, world, receiverIds, rows, now);
}

async function groundsFrom(
  db: Reader,
  world: World,
  receiverIds: string[],
  { people, optOuts, silences }: GateRows,
  now: number,
): Promise<Map<string, Ground>> {
  const found = new Map(people.map((one) => [one.receiver.id, one]));
  const receivers = people.map(({ receiver }) => receiver);
  const mine = <T extends { ownerId: string }>(all: T[], { ownerId }: Receiver) =>
    all.filter((one) => one.ownerId === ownerId);
  const leftAt = (receiver: Receiver) =>
    mine(optOuts, receiver).filter(({ channel }) => channel === '*' || channel === receiver.channel);
  const digested = receivers.filter((one) => one.style.digest || leftAt(one).some(({ digest }) => digest));
  const wishing = (wish: 'caps' | 'gather') =>
    receivers.filter(({ style }) => style[wish]).map(({ id }) => id);
  // Few wish for any of it, and nothing is asked for nobody.
  const [sent, gathering, kept] = await together([
    sentWithin(db, wishing('caps'), now - day),
    gatheringSince(db, wishing('gather')),
    digestsOf(
      db,
      digested.map(({ ownerId }) => ownerId),
    ),
  ]);
  const digests = new Map(kept.map((digest) => [digest.id, digest]));
  return new Map(
    receiverIds.map((id): [string, Ground] => {
      const known = found.get(id);
      if (!known) return [id, nowhere(world)];
      const { receiver, owner } = known;
      const settings = settingsOf(world, owner);
      const left = leftAt(receiver);
      const digest = digested.includes(receiver) ? digests.get(receiver.ownerId) : undefined;
      return [
        id,
        {
          receiver,
          style: receiver.style,
          sent: sent.get(id) ?? [],
          ...(digest ? { digestAt: { next: digest.nextAt, last: digest.coveredUntil } } : {}),
          gatheringSince: gathering.get(id),
          disabled: receiver.disabled,
          ownerLeft: receiver.ownerId !== house && (!owner || owner.leftAt !== null),
          settings,
          everyChange: receiver.everyChange,
          optOuts: left.filter(({ digest: later }) => !later).map(({ topic }) => topic),
          digestTopics: left.filter(({ digest: later }) => later).map(({ topic }) => topic),
          silences: mine(silences, receiver),
          quietEnd: settings.quiet ? windowEnd(settings.quiet.window, settings.zone, now) : undefined,
        },
      ];
    }),
  );
}

function settingsOf(world: World, owner: OwnerSays | undefined): Settings {
  return {
    zone: owner?.zone ?? world.defaultZone,
    quiet: owner?.quiet ?? null,
    away: owner?.away ?? null,
    morning: owner?.morning ?? 540,
  };
}

/** Of a receiver that is gone. */
function nowhere(world: World): Ground {
  return {
    receiver: undefined,
    style: {},
    sent: [],
    gatheringSince: undefined,
    disabled: 'it was removed',
    ownerLeft: true,
    settings: settingsOf(world, undefined),
    everyChange: false,
    optOuts: [],
    digestTopics: [],
    silences: [],
    quietEnd: undefined,
  };
}

/** What one receiver knows, by alert. */
export interface Known {
  alerts: Map<string, Alert>;
  copies: Map<string, Copy>;
  told: Map<string, Telling[]>;
  rules: Map<string, RuleFacts>;
}

/** The alerts of these notifications and what their receivers know of them; by receiver. */
async function knownFrom(
  db: Reader,
  notifications: Pick<Notification, 'receiverId' | 'alertId'>[],
  { tellings, alerts: found, copies, says }: Pick<GateRows, 'tellings' | 'alerts' | 'copies' | 'says'>,
): Promise<Map<string, Known>> {
  const rules = await ruleFactsOf(db, says);
  const alerts = new Map(found.map((alert) => [alert.id, alert]));
  const known = new Map<string, Known>();
  for (const { receiverId } of notifications)
    if (!known.has(receiverId))
      known.set(receiverId, { alerts, copies: new Map(), told: new Map(), rules: new Map() });
  for (const { receiverId, alertId } of notifications) {
    const alert = alerts.get(alertId ?? '');
    const facts = alert && rules(receiverId, alert);
    if (facts) known.get(receiverId)!.rules.set(alert.id, facts);
  }
  for (const copy of copies) known.get(copy.receiverId)!.copies.set(copy.alertId, copy);
  for (const { receiverId, alertId, ...telling } of tellings) {
    const { told } = known.get(receiverId)!;
    told.set(alertId!, [...(told.get(alertId!) ?? []), telling]);
  }
  return known;
}

/** Both for what is about to be sent, by one question unless `asked` already or somebody has wishes that need another. */
export async function standingOf(
  db: Reader,
  world: World,
  notifications: Pick<Notification, 'receiverId' | 'alertId'>[],
  now: number,
  asked?: GateRows,
): Promise<{ grounds: Map<string, Ground>; known: Map<string, Known> }> {
  const rows = asked ?? (await gateRows(db, notifications, now));
  const receiverIds = [...new Set(notifications.map(({ receiverId }) => receiverId))];
  const [grounds, known] = await together([
    groundsFrom(db, world, receiverIds, rows, now),
    knownFrom(db, notifications, rows),
  ]);
  return { grounds, known };
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
