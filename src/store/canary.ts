// The canary: an event of our own each minute, whose way through the ledger shows that the whole river runs.
import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm';
import { lanes } from '#core/event.ts';
import type { Database, Reader } from './connection.ts';
import { findMarker, putMarker } from './markers.ts';
import { past } from './notifications.ts';
import { events } from './schema/events.ts';
import { markers } from './schema/installation.ts';
import { deliveries, notifications } from './schema/notifications.ts';

/** Its topic (left out of the catalogue of topics) and source, and the receiver of its notes. */
export const canary = {
  type: 'tocsin.canary',
  source: 'tocsin',
  channel: 'canary',
  receiver: 'v_canary',
} as const;

const told = 'canary-told';

/** Remembers that a canary's note came out at the other end. */
export async function markCanaryTold(db: Reader, now: number): Promise<void> {
  // Also to an earlier time, when the clock is: what lies ahead would hide for so long that none comes.
  await putMarker(db, told, now);
}

/** After the clock went back: no canary came through later than now. */
export async function noCanaryAhead(db: Reader, now: number): Promise<void> {
  await db
    .update(markers)
    .set({ value: sql`least(${markers.value}, ${now})` })
    .where(eq(markers.name, told));
}

/** Writes the minute's canary. It visits the lanes in turn, so that a lane that hangs is noticed too. Returns its lane. */
export async function releaseCanary(db: Reader, now: number): Promise<number> {
  const minute = Math.floor(now / 60_000);
  const lane = minute % lanes;
  await db
    .insert(events)
    .values({
      sourceId: canary.source,
      eventId: `canary-${now}`,
      bodyHash: String(minute),
      lane,
      fingerprint: `canary-${lane}`,
      source: canary.source,
      type: canary.type,
      subject: 'canary',
      time: now,
      severity: 'info',
      status: null,
      body: '{"data":{},"labels":{}}',
      raw: null,
      receivedAt: now,
    })
    .onConflictDoNothing();
  return lane;
}

/**
 * The older of: when the newest evaluated canary was released, when its note last came out. Epoch milliseconds;
 * undefined while one of them is missing.
 */
export async function lastRoundTrip(db: Reader): Promise<number | undefined> {
  const [evaluated, delivered] = [await lastEvaluated(db), await findMarker(db, told)];
  if (evaluated === undefined || delivered === undefined) return undefined;
  return Math.min(evaluated, delivered.value);
}

async function lastEvaluated(db: Reader): Promise<number | undefined> {
  const [row] = await db
    .select({ at: events.receivedAt })
    .from(events)
    .where(and(eq(events.type, canary.type), isNotNull(events.processedAt), isNull(events.quarantined)))
    .orderBy(desc(events.seq))
    .limit(1);
  return row?.at;
}

/** Since when the oldest event that is not yet processed waits; undefined when none does. */
export async function oldestWaiting(db: Reader): Promise<number | undefined> {
  const [row] = await db
    .select({ at: events.receivedAt })
    .from(events)
    .where(isNull(events.processedAt))
    .orderBy(asc(events.seq))
    .limit(1);
  return row?.at;
}

/** Deletes the canaries that came through more than an hour ago. */
export async function forgetCanaries(db: Reader, now: number): Promise<void> {
  await db
    .delete(events)
    .where(
      and(
        eq(events.type, canary.type),
        isNotNull(events.processedAt),
        lt(events.receivedAt, now - 3_600_000),
        ne(events.seq, sql`(select max(seq) from ${events} where type = ${canary.type})`),
      ),
    );
}

/** Deletes the canary's notes that ended more than an hour ago, with their attempts. */
export async function forgetNotes(db: Reader, now: number): Promise<void> {
  const gone = await db
    .delete(notifications)
    .where(
      and(eq(notifications.receiverId, canary.receiver), past, lt(notifications.endedAt, now - 3_600_000)),
    )
    .returning({ id: notifications.id });
  if (gone.length === 0) return;
  await db.delete(deliveries).where(
    inArray(
      deliveries.notificationId,
      gone.map(({ id }) => id),
    ),
  );
}

/** How long the database takes to answer, milliseconds. Throws when it does not. */
export async function databaseAnswers({ sql: ask }: Database): Promise<number> {
  const began = performance.now();
  await ask`select 1`;
  return performance.now() - began;
}
