// Alerts to be followed up: a row as long as something may have to be done because nobody takes care.
import { asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Change, Step } from '#core/alert.ts';
import type { Cared } from '#core/care.ts';
import type { Tx } from './connection.ts';
import { cares } from './schema.ts';

export type CareRow = typeof cares.$inferSelect;

/** Changes by which an alert becomes unattended, or is attended to: the follow-up begins anew. */
const beginsAnew: Change[] = ['fired', 'worse', 'acknowledged', 'released', 'woke', 'expired'];

/** Notes the alerts whose owners want them followed up; nothing is written for all others. */
export async function watchOver(tx: Tx, changes: { step: Step }[], now: number): Promise<void> {
  const anew = changes.filter(({ step }) => beginsAnew.includes(step.transition.change));
  if (anew.length === 0) return;
  const rows = new Map(
    anew.map(({ step: { alert } }) => [alert.id, { a: alert.id, o: alert.ownerId }] as const),
  );
  await tx.execute(sql`
    insert into cares (alert_id, since, due_at)
    select w.a, ${iso(now)}::timestamptz, ${iso(now)}::timestamptz
      from json_to_recordset(${JSON.stringify([...rows.values()])}::text::json) as w(a text, o text)
      where exists (select 1 from people where id = w.o and care is not null)
        or exists (select 1 from groups where id = w.o and care is not null)
      order by w.a
    on conflict (alert_id) do update set since = excluded.since, due_at = excluded.due_at, reminded = 0, escalated = 0`);
}

/** Rows whose time has come, oldest first; looked at without a lock, the alert's own lock decides. */
export async function dueCares(tx: Tx, limit: number, now: number): Promise<CareRow[]> {
  return tx.select().from(cares).where(lte(cares.dueAt, now)).orderBy(asc(cares.dueAt)).limit(limit);
}

/** The row of an alert that is locked; undefined when it was attended to meanwhile. */
export async function careOf(tx: Tx, alertId: string): Promise<CareRow | undefined> {
  const [row] = await tx.select().from(cares).where(eq(cares.alertId, alertId)).for('update');
  return row;
}

/** Writes what was done and when to look again. */
export async function saveCare(tx: Tx, alertId: string, cared: Cared, dueAt: number): Promise<void> {
  await tx
    .update(cares)
    .set({ ...cared, dueAt })
    .where(eq(cares.alertId, alertId));
}

/** Nothing is to be followed up any more. */
export async function dropCares(tx: Tx, alertIds: string[]): Promise<void> {
  if (alertIds.length > 0) await tx.delete(cares).where(inArray(cares.alertId, alertIds));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
