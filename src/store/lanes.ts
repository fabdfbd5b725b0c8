// The waiting events of a lane: read in order, marked as processed, or put aside when one cannot be processed.
import { and, asc, type Column, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Event } from '#core/event.ts';
import type { Trace } from '#core/trace.ts';
import type { Reader, Tx } from './connection.ts';
import { events, laneTroubles } from './schema/events.ts';

const lockClass = 7_462_003;

export interface LaneTrouble {
  /** The first event of the batch that did not end well. */
  seq: number;
  attempts: number;
  error: string | null;
}

/** Opens an evaluation: no statement or lock may take for ever, and the lane (when one is named) is ours until the end. */
export async function beginEvaluation(tx: Tx, lane: number | undefined): Promise<void> {
  const own = lane === undefined ? sql`` : sql`, pg_advisory_xact_lock(${lockClass}::int, ${lane}::int)`;
  await tx.execute(sql`select ${limits}${own}`);
}

/** Opens an evaluation of several lanes: those of them that nobody has are ours until the end, and returned. Waits for none. */
export async function beginTogether(tx: Tx, lanes: number[]): Promise<number[]> {
  const tried = await tx.execute<{ lane: number; free: boolean }>(sql`
    select l as lane, pg_try_advisory_xact_lock(${lockClass}::int, l) as free, ${limits}
    from (select l from unnest(${named(lanes)}::text::int[]) l order by l) x`);
  return tried.flatMap(({ lane, free }) => (free ? [lane] : []));
}

/** Set by whatever locks first. */
const limits = sql.raw(
  `set_config('statement_timeout', '20s', true), set_config('lock_timeout', '10s', true)`,
);

/** So far is looked for events of other topics behind those of one that came by the thousand; in many lanes, less far in each. */
const [lookAhead, leastAhead] = [2_000, 600];

/** Waiting events, in the order in which they were taken. */
export interface Waiting {
  events: Event[];
  /** The lanes in which more may wait. */
  left: number[];
  /** How much their bodies are together, in letters. */
  letters: number;
}

/**
 * The oldest waiting events of these lanes, at most `limit`; of one of many lanes not more than twice its share, so that not
 * sixteen times as many are looked at as are wanted.
 */
export async function oldestWaiting(tx: Tx, lanes: number[], limit: number): Promise<Waiting> {
  const share = Math.min(limit, Math.ceil((2 * limit) / lanes.length));
  const found = await readEvents(
    tx,
    sql`select w.seq from unnest(${named(lanes)}::text::smallint[]) as l(lane) cross join lateral (
      select seq from ${events} where lane = l.lane and processed_at is null order by seq limit ${share}) w
    order by w.seq limit ${limit}`,
  );
  if (found.events.length === limit) return { ...found, left: lanes };
  const counts = new Map<number, number>();
  for (const lane of found.lanes) counts.set(lane, (counts.get(lane) ?? 0) + 1);
  return { ...found, left: lanes.filter((lane) => counts.get(lane) === share) };
}

/**
 * `oldest`, or, when that is as many as may be had, what topics bring in turns, so that a storm of one does not hold up the
 * others; events of one fingerprint stay in order, and the oldest is always there.
 */
export async function inTurns(tx: Tx, lanes: number[], limit: number, oldest: Waiting): Promise<Waiting> {
  if (oldest.events.length < limit || limit === 1) return oldest;
  const chosen = await takingTurns(tx, lanes, limit);
  const known = new Set(oldest.events.map(({ seq }) => seq));
  if (chosen.every((seq) => known.has(seq))) return oldest;
  const wanted = sql`select value::bigint as seq from json_array_elements_text(${JSON.stringify(chosen)}::text::json)`;
  return { ...(await readEvents(tx, wanted)), left: lanes };
}

async function takingTurns(tx: Tx, lanes: number[], limit: number): Promise<number[]> {
  const ahead = Math.max(leastAhead, Math.ceil(lookAhead / lanes.length));
  const rows = await tx.execute<{ seq: string }>(sql`
    select seq from (
      select seq, max(turn) over (partition by fingerprint order by seq) as turn from (
        select seq, fingerprint, row_number() over (partition by type order by seq) as turn
        from unnest(${named(lanes)}::text::smallint[]) as l(lane) cross join lateral (
          select seq, fingerprint, type from ${events} where lane = l.lane and processed_at is null
          order by seq limit ${ahead}) waiting) counted) ordered
    order by turn, seq limit ${limit}`);
  return rows.map(({ seq }) => Number(seq));
}

function named(lanes: number[]): string {
  return `{${lanes.join(',')}}`;
}

interface Row extends Record<string, unknown> {
  seq: string;
  lane: number;
  body: string;
  time: number | null;
  severity: NonNullable<Event['severity']> | null;
  status: NonNullable<Event['status']> | null;
  ends_at: number | null;
  received_at: number;
  hops: number;
}

const ms = (column: Column) =>
  sql`floor(extract(epoch from e.${sql.identifier(column.name)}) * 1000)::float8`;

async function readEvents(tx: Tx, which: SQL): Promise<Omit<Waiting, 'left'> & { lanes: number[] }> {
  const rows = await tx.execute<Row>(sql`
    select e.seq, e.lane, e.event_id as id, e.fingerprint, e.source, e.type, e.subject, e.severity, e.status, e.hops, e.body,
      ${ms(events.time)} as time, ${ms(events.endsAt)} as ends_at, ${ms(events.receivedAt)} as received_at
    from (${which}) w join ${events} e on e.seq = w.seq order by e.seq`);
  let letters = 0;
  const found = rows.map(({ seq, id, fingerprint, source, type, subject, ...row }) => {
    letters += row.body.length;
    const { data, labels } = JSON.parse(row.body) as Pick<Event, 'data' | 'labels'>;
    const { time, severity, status, ends_at: endsAt, received_at: receivedAt, hops } = row;
    return {
      ...({ id, fingerprint, source, type, subject } as Pick<
        Event,
        'id' | 'fingerprint' | 'source' | 'type' | 'subject'
      >),
      seq: Number(seq),
      receivedAt,
      data,
      labels,
      ...(time === null ? {} : { time }),
      ...(severity === null ? {} : { severity }),
      ...(status === null ? {} : { status }),
      ...(endsAt === null ? {} : { endsAt }),
      ...(hops === 0 ? {} : { hops }),
    };
  });
  return { events: found, letters, lanes: rows.map(({ lane }) => lane) };
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

/** An event that was processed, with the number of rules that looked at it and what they read. */
export interface Processed {
  seq: number;
  matched: number;
  trace: Trace | null;
}

/** Marks events as processed: `done` is a parameter of many `Processed` as JSON, `at` one of the instant. */
export function processedText(done: string, at: string): string {
  return `update events e set processed_at = ${at}::text::timestamptz, matched = v.matched,
      trace = nullif(v.trace, 'null'::jsonb)
    from json_to_recordset(${done}::text::json) as v(seq bigint, matched int, trace jsonb)
    where e.seq = v.seq`;
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

/** Which of these lanes had a batch that did not end well. */
export async function troubledLanes(tx: Tx, lanes: number[]): Promise<number[]> {
  const rows = await tx.execute<{ lane: number }>(
    sql`select lane from ${laneTroubles} where lane = any(${named(lanes)}::text::smallint[])`,
  );
  return rows.map(({ lane }) => lane);
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
