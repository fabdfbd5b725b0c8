// Whom the changes of alerts are told to: those whom rules name, whoever has heard, and machines.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Doorbell } from '#core/doorbell.ts';
import { type AlertChange, kindOf, toHeard } from './alert-change.ts';
import type { Told } from './changes-written.ts';
import type { Tx } from './connection.ts';
import type { Hearer } from './copies.ts';
import { insertMany } from './insert-many.ts';
import { alerts } from './schema/alerts.ts';
import { notifications } from './schema/notifications.ts';
import { receivers } from './schema/receivers.ts';

/** Notifications for all who are to hear of these changes, written once it is known who has heard. */
export async function tellHearers(
  tx: Tx,
  changes: AlertChange[],
  hearers: Promise<Hearer[]>,
  now: number,
): Promise<Told[]> {
  const heard = new Map<string, string[]>();
  const machines = new Map<string, boolean>();
  for (const { alertId, receiverId, isMachine } of await hearers) {
    heard.set(alertId, [...(heard.get(alertId) ?? []), receiverId]);
    machines.set(receiverId, isMachine);
  }
  await findMachines(tx, changes, machines);
  const listening = new Set([...machines].flatMap(([id, isMachine]) => (isMachine ? [id] : [])));
  const wanted = notificationsOf(changes, heard, listening, now);
  if (wanted.length > 0) await tx.execute(sql`${insertMany(notifications, wanted)} on conflict do nothing`);
  return wanted;
}

/** What these changes tell, by who has heard of each alert and who is a machine. */
export function notificationsOf(
  changes: AlertChange[],
  heard: Map<string, string[]>,
  machines: Set<string>,
  now: number,
): Told[] {
  return changes.flatMap((change) => {
    const { receivers, step } = change;
    const { alert, transition } = step;
    const kind = kindOf(change);
    if (!kind) return [];
    // Whoever heard “broke” hears “over”, also when the rule no longer names them.
    const audience = new Set(toHeard(change) ? [...receivers, ...(heard.get(alert.id) ?? [])] : receivers);
    const told = kind === 'changed' ? [...audience].filter((id) => machines.has(id)) : [...audience];
    return told.map((receiverId) => ({
      kind,
      receiverId,
      alertId: alert.id,
      alertRev: transition.rev,
      severity: alert.severity,
      status: 'pending' as const,
      createdAt: now,
    }));
  });
}

/** Adds which receivers of the rules are told every change. Asked for only when somebody did something. */
async function findMachines(tx: Tx, changes: AlertChange[], machines: Map<string, boolean>): Promise<void> {
  const deeds = changes.filter((change) => kindOf(change) === 'changed');
  const ids = new Set(deeds.flatMap((change) => change.receivers).filter((id) => !machines.has(id)));
  if (ids.size === 0) return;
  const rows = await tx
    .select({ id: receivers.id })
    .from(receivers)
    .where(and(inArray(receivers.id, [...ids]), eq(receivers.everyChange, true)));
  for (const { id } of rows) machines.set(id, true);
}

/** Who may be told now what an alert that ended here explained. Nothing is locked: whoever is missed is asked in a minute. */
export async function waitingFor(tx: Tx, changes: AlertChange[]): Promise<Doorbell[]> {
  const owners = new Set(
    changes.filter(({ step }) => step.alert.status === 'resolved').map(({ step }) => step.alert.ownerId),
  );
  if (owners.size === 0) return [];
  const rows = await tx.execute<{ receiver_id: string }>(sql`
    select distinct n.receiver_id from ${notifications} n join ${alerts} a on a.id = n.alert_id
      where n.status = 'held' and n.reason = 'inhibited' and a.owner_id in
        (select json_array_elements_text(${JSON.stringify([...owners])}::text::json))`);
  return rows.map(({ receiver_id: id }) => ({ job: 'notify', id }));
}

/** To ring for receivers who are told something, and for places where a message is to be edited; each once. */
export function bellsFor(receiverIds: string[], places: string[]): Doorbell[] {
  return [
    ...[...new Set(receiverIds)].map((id): Doorbell => ({ job: 'notify', id })),
    ...[...new Set(places)].map((id): Doorbell => ({ job: 'deliver', id })),
  ];
}
