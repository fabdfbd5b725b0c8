// The ledger of acts: each time that an action was wanted, by whom, and what came of it.
import { and, desc, eq, gt, inArray, lt, lte, sql } from 'drizzle-orm';
import type { ActAnswer, ActStatus } from '#core/act.ts';
import type { Reader, Tx } from './connection.ts';
import { acts } from './schema/actions.ts';

export type Act = typeof acts.$inferSelect;

const openOnes: ActStatus[] = ['confirmed', 'calling'];

/** One act; `lock`: nobody else changes it until the transaction ends. */
export async function findAct(db: Reader, id: string, lock = false): Promise<Act | undefined> {
  const asked = db.select().from(acts).where(eq(acts.id, id));
  const [row] = await (lock ? asked.for('update') : asked);
  return row;
}

/** Adds one that was just asked for. */
export async function addAct(
  tx: Tx,
  act: Omit<Act, 'confirmedAt' | 'attempts' | 'answer' | 'detail' | 'endedAt'> &
    Partial<Pick<Act, 'confirmedAt'>>,
): Promise<void> {
  await tx.insert(acts).values(act);
}

/** Whoever wants this action, for whichever alert, comes one after the other until the transaction ends: they are counted. */
export async function lockActing(tx: Tx, actionId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(7467, hashtext(${actionId}))`);
}

/** The last act of this action for this alert that is under way or ended, and was not only asked for. */
export async function lastAct(db: Reader, actionId: string, alertId: string): Promise<Act | undefined> {
  const [row] = await db
    .select()
    .from(acts)
    .where(
      and(
        eq(acts.actionId, actionId),
        eq(acts.alertId, alertId),
        inArray(acts.status, [...openOnes, 'done', 'failed', 'unknown']),
      ),
    )
    .orderBy(desc(acts.confirmedAt), desc(acts.id))
    .limit(1);
  return row;
}

/** How often it was confirmed after `since`. */
export async function actsSince(db: Reader, actionId: string, since: number): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(acts)
    .where(and(eq(acts.actionId, actionId), gt(acts.confirmedAt, since)));
  return row?.count ?? 0;
}

/** It shall happen. */
export async function confirmAct(tx: Tx, id: string, now: number): Promise<void> {
  await tx.update(acts).set({ status: 'confirmed', confirmedAt: now, dueAt: now }).where(eq(acts.id, id));
}

/** It shall not. */
export async function dropAct(tx: Tx, id: string, now: number): Promise<void> {
  await tx.update(acts).set({ status: 'dropped', endedAt: now }).where(eq(acts.id, id));
}

/** Commits the intent: from here on it may have happened. Undefined when somebody else has it, or it is not its time. */
export async function beginCall(
  db: Reader,
  id: string,
  until: number,
  now: number,
): Promise<Act | undefined> {
  const [row] = await db
    .update(acts)
    .set({ status: 'calling', attempts: sql`${acts.attempts} + 1`, dueAt: until })
    .where(and(eq(acts.id, id), eq(acts.status, 'confirmed'), lte(acts.dueAt, now)))
    .returning();
  return row;
}

/** One whose caller ended in the middle of it, locked; another process's is left to it. */
export async function lockAbandoned(tx: Tx, id: string, now: number): Promise<Act | undefined> {
  const [row] = await tx
    .select()
    .from(acts)
    .where(and(eq(acts.id, id), eq(acts.status, 'calling'), lte(acts.dueAt, now)))
    .for('update', { skipLocked: true });
  return row;
}

/** What came of an attempt; false when it is no longer the one that is made. */
export async function endCall(
  tx: Tx,
  { id, attempts }: Pick<Act, 'id' | 'attempts'>,
  end: { status: ActStatus; dueAt?: number; detail: string; answer: ActAnswer | null },
  now: number,
): Promise<boolean> {
  const { status, dueAt = null, detail, answer } = end;
  const rows = await tx
    .update(acts)
    .set({
      status,
      dueAt,
      answer,
      detail: detail.slice(0, 500),
      endedAt: status === 'confirmed' ? null : now,
    })
    .where(and(eq(acts.id, id), eq(acts.status, 'calling'), eq(acts.attempts, attempts)))
    .returning({ id: acts.id });
  return rows.length > 0;
}

/** The newest first; of one action, and older than that instant, when given. */
export async function actsMade(
  db: Reader,
  { actionId, before, limit = 50 }: { actionId?: string; before?: number; limit?: number },
): Promise<Act[]> {
  return db
    .select()
    .from(acts)
    .where(
      and(
        actionId === undefined ? undefined : eq(acts.actionId, actionId),
        before === undefined ? undefined : lt(acts.askedAt, before),
      ),
    )
    .orderBy(desc(acts.askedAt), desc(acts.id))
    .limit(limit);
}
