// Alerts to be followed up: a row as long as something may have to be done because nobody takes care.
import { and, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Change, Step } from '#core/alert.ts';
import type { Cared } from '#core/care.ts';
import { at } from './at.ts';
import type { Reader, Tx } from './connection.ts';
import { cares } from './schema/alerts.ts';

export type CareRow = typeof cares.$inferSelect;

/** Changes by which an alert becomes unattended, or is attended to: the follow-up begins anew. */
const beginsAnew: Change[] = ['fired', 'worse', 'acknowledged', 'released', 'woke', 'expired'];

/** The alerts whose owners may want them followed up from now on, each once. */
export function toWatch(changes: { step: Step }[]): { alertId: string; ownerId: string }[] {
  const rows = new Map<string, { alertId: string; ownerId: string }>();
  for (const { step } of changes)
    if (beginsAnew.includes(step.transition.change))
      rows.set(step.alert.id, { alertId: step.alert.id, ownerId: step.alert.ownerId });
  return [...rows.values()];
}

/** Rows whose time has come, oldest first, those behind `after`; looked at without a lock, the alert's own lock decides. */
export async function dueCares(
  db: Reader,
  after: CareRow | undefined,
  limit: number,
  now: number,
): Promise<CareRow[]> {
  const behind = after && sql`(${cares.dueAt}, ${cares.alertId}) > (${at(after.dueAt)}, ${after.alertId})`;
  return db
    .select()
    .from(cares)
    .where(and(lte(cares.dueAt, now), behind))
    .orderBy(cares.dueAt, cares.alertId)
    .limit(limit);
}

/** The row of an alert that is locked; undefined when it was attended to meanwhile. */
export async function careOf(tx: Tx, alertId: string): Promise<CareRow | undefined> {
  const [row] = await tx.select().from(cares).where(eq(cares.alertId, alertId)).for('update');
  return row;
}

/** Writes what was done and when to look again. */
export async function saveCare(
  tx: Tx,
  alertId: string,
  { reminded, escalated }: Cared,
  dueAt: number,
): Promise<void> {
  await tx.update(cares).set({ reminded, escalated, dueAt }).where(eq(cares.alertId, alertId));
}

/** Nothing is to be followed up any more. */
export async function dropCares(tx: Tx, alertIds: string[]): Promise<void> {
  if (alertIds.length > 0) await tx.delete(cares).where(inArray(cares.alertId, alertIds));
}
