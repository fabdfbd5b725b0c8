// Notifications that no change of an alert asked for: a summary of many, an “over” that is owed, the place of a lost message.
import { and, eq, inArray, type SQL } from 'drizzle-orm';
import type { Reason } from '#core/notification.ts';
import type { Severity } from '#core/severity.ts';
import type { Tx } from './connection.ts';
import { notifications } from './schema/notifications.ts';

/** Adds the message that tells several together, and why they were held; its id. */
export async function addSummary(
  tx: Tx,
  receiverId: string,
  told: number[],
  severity: Severity,
  why: Reason,
  now: number,
): Promise<number> {
  const [row] = await tx
    .insert(notifications)
    .values({
      kind: 'summary',
      receiverId,
      severity,
      status: 'ready',
      body: JSON.stringify(told),
      detail: why,
      createdAt: now,
    })
    .returning({ id: notifications.id });
  return row!.id;
}

/** Makes sure that “over” is on its way to somebody whose message still said that it burns. */
export async function oweOver(
  tx: Tx,
  receiverId: string,
  alert: { id: string; rev: number; severity: Severity },
  now: number,
): Promise<boolean> {
  const rows = await tx
    .insert(notifications)
    .values({
      kind: 'over',
      receiverId,
      alertId: alert.id,
      alertRev: alert.rev,
      severity: alert.severity,
      status: 'pending',
      createdAt: now,
    })
    .onConflictDoUpdate({
      target: [notifications.alertId, notifications.alertRev, notifications.receiverId, notifications.kind],
      set: { status: 'pending', reason: null, detail: null, endedAt: null },
      setWhere: and(
        eq(notifications.status, 'suppressed'),
        inArray(notifications.reason, ['never-told', 'superseded']),
      ) as SQL,
    })
    .returning({ id: notifications.id });
  return rows.length > 0;
}

/** Adds a silent message in the place of one that is gone, for an alert that still burns. */
export async function addReplacement(
  tx: Tx,
  receiverId: string,
  alert: { id: string; rev: number; severity: Severity },
  now: number,
): Promise<void> {
  await tx
    .insert(notifications)
    .values({
      kind: 'firing',
      receiverId,
      alertId: alert.id,
      alertRev: alert.rev,
      severity: alert.severity,
      status: 'ready',
      body: replacement,
      createdAt: now,
    })
    .onConflictDoNothing();
}

/** The body of a firing message that only takes the place of a lost one. */
export const replacement = 'replacement';
