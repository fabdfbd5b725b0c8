// Silences: muted by topic and matchers for a time.
import { and, asc, eq, gt, lte } from 'drizzle-orm';
import { holdingNow, type Silence } from '#core/silence.ts';
import { among } from './among.ts';
import type { Reader } from './connection.ts';
import { silences } from './schema/silences.ts';

/** The silences of these owners that hold now, soonest end first; a weekly one ends with its present hours. */
export async function silencesFor(db: Reader, ownerIds: string[], now: number): Promise<Silence[]> {
  return holding(await silencesKept(db, ownerIds, now), now);
}

/** Those of them that hold now, the first to end first. */
export function holding(kept: Silence[], now: number): Silence[] {
  return kept
    .filter(({ startsAt }) => startsAt <= now)
    .flatMap((silence) => holdingNow(silence, now) ?? [])
    .sort((a, b) => a.endsAt - b.endsAt || (a.id < b.id ? -1 : 1));
}

/** All that hold now or will, those that begin later and the weekly ones too. */
export async function silencesKept(db: Reader, ownerIds: string[], now: number): Promise<Silence[]> {
  if (ownerIds.length === 0) return [];
  return db
    .select()
    .from(silences)
    .where(and(among(silences.ownerId, ownerIds), gt(silences.endsAt, now)))
    .orderBy(asc(silences.startsAt), asc(silences.id));
}

/** Silences in the order of their ids, after one of them: of everybody or one owner, over or not. */
export async function silencesAfter(
  db: Reader,
  { after, ownerId, over, limit }: { after: string; ownerId?: string; over: boolean; limit: number },
  now: number,
): Promise<Silence[]> {
  return db
    .select()
    .from(silences)
    .where(
      and(
        gt(silences.id, after),
        ownerId === undefined ? undefined : eq(silences.ownerId, ownerId),
        over ? lte(silences.endsAt, now) : gt(silences.endsAt, now),
      ),
    )
    .orderBy(asc(silences.id))
    .limit(limit);
}

/** One silence, also one that is over; locked until the transaction ends when `lock` is asked for. */
export async function findSilence(db: Reader, id: string, lock = false): Promise<Silence | undefined> {
  const query = db.select().from(silences).where(eq(silences.id, id));
  const [row] = await (lock ? query.for('update') : query);
  return row;
}

/** Adds a silence. */
export async function addSilence(db: Reader, silence: Silence): Promise<void> {
  await db.insert(silences).values(silence);
}

/** Gives a silence other times and words, and says who did. */
export async function changeSilence(db: Reader, silence: Silence): Promise<void> {
  const { id, startsAt, endsAt, by, comment } = silence;
  await db.update(silences).set({ startsAt, endsAt, by, comment }).where(eq(silences.id, id));
}

/** Ends a silence now; false when it was over already. */
export async function liftSilence(db: Reader, id: string, now: number): Promise<boolean> {
  const rows = await db
    .update(silences)
    .set({ endsAt: now })
    .where(and(eq(silences.id, id), gt(silences.endsAt, now)))
    .returning({ id: silences.id });
  return rows.length > 0;
}
