// The waiting events of a lane: read in order, marked as processed, or put aside when one cannot be processed.
import { and, asc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Event } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import type { Trace } from '#core/trace.ts';
import type { Reader, Tx } from './connection.ts';
import { events, laneTroubles } from './schema.ts';

const lockClass = 7_462_003;

export interface LaneTrouble {
  /** The first event of the batch that did not end well. */
  seq: number;
  attempts: number;
  error: string | null;
}

/**
 * Opens an evaluation: no statement or lock may take for ever, and the lane (when one is named) and the rules are ours
 * until the end.
 */
export async function beginEvaluation(tx: Tx, lane: number | undefined): Promise<void> {
  const limited = tx.execute(sql`select set_config('statement_timeout', '20s', true),
    set_config('lock_timeout', '10s', true), set_config('idle_in_transaction_session_timeout', '60s', true)`);
  const own =
    lane === undefined
      ? undefined
      : tx.execute(sql`select pg_advisory_xact_lock(${lockClass}::int, ${lane}::int)`);
  // One connection runs them in this order, and the second need not wait here for the first.
  await Promise.all([limited, own]);
}

/** So far is looked for events of other topics behind those of one that came by the thousand. */
const lookAhead = 2_000;

/**
 * The lane's oldest waiting events, in the order in which they were taken. When more wait than may be had, topics take turns,
 * so that a storm of one does not hold up the others; events of one fingerprint stay in order, and the oldest is always there.
 */
export async function waitingEvents(tx: Tx, lane: number, limit: number): Promise<Event[]> {
  const oldest = await readEvents(tx, and(eq(events.lane, lane), isNull(events.processedAt)), limit);
  if (oldest.length < limit || limit === 1) return oldest;
  const chosen = await takingTurns(tx, lane, limit);
  const known = new Set(oldest.map(({ seq }) => seq));
  if (chosen.every((seq) => known.has(seq))) return oldest;
  return readEvents(tx, inArray(events.seq, chosen), limit);
}

async function takingTurns(tx: Tx, lane: number, limit: number): Promise<number[]> {
  const rows = await tx.execute<{ seq: string }>(sql`
    select seq from (
      select seq, max(turn) over (partition by fingerprint order by seq) as turn from (
        select seq, fingerprint, row_number() over (partition by type order by seq) as turn from (
          select seq, fingerprint, type from events where lane = ${lane} and processed_at is null
          order by seq limit ${lookAhead}) waiting) counted) ordered
    order by turn, seq limit ${limit}`);
  return rows.map(({ seq }) => Number(seq));
}

async function readEvents(tx: Tx, which: SQL | undefined, limit: number): Promise<Event[]> {
  const rows = await tx
    .select({
      seq: events.seq,
      id: events.eventId,
      fingerprint: events.fingerprint,
      source: events.source,
      type: events.type,
      subject: events.subject,
      time: events.time,
      severity: events.severity,
      status: events.status,
      endsAt: events.endsAt,
      hops: events.hops,
      body: events.body,
      receivedAt: events.receivedAt,
    })
    .from(events)
    .where(which)
    .orderBy(asc(events.seq))
    .limit(limit);
  return rows.map(({ body, time, severity, status, endsAt, hops, ...row }) => {
    const { data, labels } = JSON.parse(body) as {
      data: Record<string, Json>;
      labels: Record<string, string>;
    };
    return {
      ...row,
      data,
      labels,
      ...(time === null ? {} : { time }),
      ...(severity === null ? {} : { severity }),
      ...(status === null ? {} : { status }),
      ...(endsAt === null ? {} : { endsAt }),
      ...(hops === 0 ? {} : { hops }),
    };
  });
}

/** The number of the lane's first waiting event. */
export async function firstWaiting(db: Reader, lane: number): Promise<number | undefined> {
  const [row] = await db
    .select({ seq: events.seq })
    .from(events)
    .where(and(eq(events.lane, lane), isNull(events.processedAt)))
    .orderBy(asc(events.seq))
    .limit(1);
  return row?.seq;
}

/** For each topic with waiting events, when the oldest of them was received. */
export async function waitingTopics(tx: Tx): Promise<{ topic: string; since: number }[]> {
  const rows = await tx.execute<{ type: string; since: string | number }>(sql`
    select type, floor(extract(epoch from min(received_at)) * 1000)::float8 as since
    from ${events} where processed_at is null group by type`);
  return rows.map((row) => ({ topic: row.type, since: Number(row.since) }));
}

/** Marks events as processed, each with the number of rules that asked about it and what they read. */
export async function markProcessed(
  tx: Tx,
  done: { seq: number; matched: number; trace: Trace | null }[],
  now: number,
): Promise<void> {
  if (done.length === 0) return;
  await tx.execute(sql`
    update ${events} e set processed_at = ${new Date(now).toISOString()}::timestamptz, matched = v.matched,
      trace = nullif(v.trace, 'null'::jsonb)
    from json_to_recordset(${JSON.stringify(done)}::text::json) as v(seq bigint, matched int, trace jsonb)
    where e.seq = v.seq`);
}

/** Puts one event aside with the reason, so that its lane goes on; false when it was processed after all. */
export async function quarantine(
  tx: Tx,
  lane: number,
  seq: number,
  error: string,
  now: number,
): Promise<boolean> {
  const aside = await tx
    .update(events)
    .set({ processedAt: now, matched: 0, quarantined: error.slice(0, 500) })
    .where(and(eq(events.seq, seq), isNull(events.processedAt)))
    .returning({ seq: events.seq });
  await tx.delete(laneTroubles).where(eq(laneTroubles.lane, lane));
  return aside.length > 0;
}

/** How the lane's last batch failed, if it did not end well. */
export async function troubleOf(db: Reader, lane: number): Promise<LaneTrouble | undefined> {
  const [row] = await db.select().from(laneTroubles).where(eq(laneTroubles.lane, lane));
  return row;
}

/** Notes that a batch beginning with this event is tried, or has failed. */
export async function noteTrouble(
  db: Reader,
  lane: number,
  seq: number,
  attempts: number,
  error: string | null,
): Promise<void> {
  const row = { lane, seq, attempts, error: error?.slice(0, 500) ?? null };
  await db.insert(laneTroubles).values(row).onConflictDoUpdate({ target: laneTroubles.lane, set: row });
}

/** The lane's batch ended well. */
export async function forgetTrouble(db: Reader, lane: number): Promise<void> {
  await db.delete(laneTroubles).where(eq(laneTroubles.lane, lane));
}
