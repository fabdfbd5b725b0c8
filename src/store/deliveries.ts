// Attempts to send. The intent is committed before the first byte, so that no crash leaves an attempt unknown to us.
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { cleanJson } from '#core/clean.ts';
import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import { at } from './at.ts';
import { type Seen, type Take, type Turn, takeTurns, type Wish } from './budgets.ts';
import type { Database, Db, Reader } from './connection.ts';
import type { Pair } from './copies.ts';
import { inARow } from './in-a-row.ts';
import { type Claim, claimedPart, type Move, movedPart } from './moved-turns.ts';
import { isToBeSent } from './notifications.ts';
import { type Pictures, picturesIn } from './pictures.ts';
import { deliveries, notifications } from './schema/notifications.ts';

export type Delivery = typeof deliveries.$inferSelect;

export interface Attempt {
  id: number;
  number: number;
  /** When an earlier attempt began that arrived, or may have: this one is a repeat. */
  firstTry: number | null;
}

/** `attempt`: undefined when it is no longer to be sent. */
export type Begun =
  | { ok: true; attempt: Attempt | undefined; pictures: Promise<Pictures> | undefined }
  | Extract<Turn, { ok: false }>;

/** One attempt that is wanted. */
export interface Intent extends Wish {
  notificationId: number;
  /** As it was seen, which may be a moment ahead of `now`. */
  notBefore?: number | null;
  /** What it is about, to be read once the intent is on disk; times fired are counted from `since` on. */
  about?: (Pair & { since: number }) | undefined;
}

/**
 * Takes a turn at each address and commits the intent of what takes it, of one notification one; `attempt` is undefined for
 * what is no longer to be sent, or not yet. `known` as for turns alone. With it comes what is around the alerts, as it was
 * after that commit: whoever saw a notification unsent relies on its saying what is true from there on. When it fails after
 * some were begun, only the others fail.
 */
export async function beginAttempts(
  database: Pick<Database, 'db' | 'sql'>,
  channel: string,
  wanted: Intent[],
  known?: Map<string, Seen>,
): Promise<(Begun | Promise<Begun>)[]> {
  const { db } = database;
  const attempts = new Map<number, Attempt>();
  const drawn = new Map<number, Promise<Pictures>>();
  const take: Take = async (moves, takers) => {
    const intent = intending(channel, moves, takers);
    const about = takers.flatMap(({ wish }) => (wish as Intent).about ?? []);
    const { rows, pictures } = await inARow(database, async (line) => {
      const made = line.execute<Made>(intent);
      const around = about.length > 0 ? picturesIn(line, about, latestOf(about)) : undefined;
      // Whoever has an attempt hears of it.
      around?.catch(() => {});
      return { rows: await made, pictures: around };
    });
    if (pictures) for (const { wish } of takers) drawn.set((wish as Intent).notificationId, pictures);
    for (const [of, attempt] of attemptsIn(rows)) attempts.set(of, attempt);
    return new Set(rows[0]!.moved ?? []);
  };
  const begun = ({ notificationId }: { notificationId: number }): Begun => ({
    ok: true,
    attempt: attempts.get(notificationId),
    pictures: drawn.get(notificationId),
  });
  try {
    const turns = await takeTurns(db, channel, wanted, known, take);
    return turns.map((turn, i) => (turn.ok ? begun(wanted[i]!) : turn));
  } catch (error) {
    if (attempts.size === 0) throw error;
    // Its intent is on disk: whoever is not told of it sends nothing, and it comes again, marked.
    return wanted.map((one) => (attempts.has(one.notificationId) ? begun(one) : Promise.reject(error)));
  }
}

/** Moves rows on, and with a `claim` makes addresses somebody's that nobody serves; an attempt for each that finds moved what it needs. */
export function intending(channel: string, moves: Move[], takers: Parameters<Take>[1], claim?: Claim): SQL {
  const intents = takers.map(({ wish, needs }) => {
    const { notificationId: id, address, notBefore, now } = wish as Intent;
    const due = new Date(Math.max(now, notBefore ?? 0)).toISOString();
    return { id, address, needs, began: new Date(now).toISOString(), due };
  });
  return sql`
    with ${claim ? claimedPart(channel, moves, claim) : movedPart(channel, moves)},
    wanted as materialized (
      select v.* from json_to_recordset(${JSON.stringify(intents)}::text::json)
        as v(id bigint, address text, needs text[], began timestamptz, due timestamptz)
      where v.needs <@ array(select address from moved)),
    begun as (
      update notifications n set status = 'sending', attempts = n.attempts + 1, not_before = null
      from wanted where n.id = wanted.id and n.id = any(array(select id from wanted)) and ${isToBeSent}
        and (n.not_before is null or n.not_before <= wanted.due)
      returning n.id, n.attempts),
    doubt as (
      select notification_id as id, min(started_at) as at from deliveries
      where notification_id in (select id from wanted) and outcome in ('unknown', 'sent') group by 1),
    made as (
      insert into deliveries (notification_id, attempt, channel, address, outcome, marked, started_at)
      select begun.id, begun.attempts, ${channel}, wanted.address, 'sending', doubt.at is not null, wanted.began
      from begun join wanted using (id) left join doubt using (id)
      returning id, notification_id, attempt)
    select (select json_agg(address) from moved) as moved,
      (select json_agg(json_build_object('id', made.id, 'of', made.notification_id, 'number', made.attempt, 'doubt', doubt.at))
        from made left join doubt on doubt.id = made.notification_id) as made`;
}

/** What `intending` answers: the attempts, by notification. */
export function attemptsIn([row]: readonly Made[]): Map<number, Attempt> {
  return new Map(
    (row?.made ?? []).map(({ of, id, number, doubt }) => [
      of,
      { id, number, firstTry: doubt === null ? null : Date.parse(doubt) },
    ]),
  );
}

function latestOf(about: { since: number }[]): number {
  return Math.max(...about.map(({ since }) => since));
}

export type Made = {
  moved: string[] | null;
  made: { id: number; of: number; number: number; doubt: string | null }[] | null;
};

export type End = Pick<Delivery, 'id' | 'outcome' | 'detail' | 'messageId'> &
  Partial<Pick<Delivery, 'exchange'>> & { at: number };

/**
 * Writes what attempts came to; the ids of those that were still ours to end. Somebody else may have taken one for unknown
 * meanwhile: then nothing is ours.
 */
export async function endAttempts(db: Reader, ends: End[]): Promise<Set<number>> {
  const rows = ends.map(({ id, outcome, detail, messageId, exchange, at: ended }) => ({
    id,
    outcome,
    detail: detail === null ? null : cut(detail, 500),
    message_id: messageId,
    exchange: exchange ?? null,
    ended_at: new Date(ended).toISOString(),
  }));
  const ended = await db.execute<{ id: string }>(sql`
    update deliveries d set outcome = v.outcome, detail = v.detail, message_id = v.message_id,
      exchange = nullif(v.exchange, 'null'::jsonb), ended_at = v.ended_at
    from json_to_recordset(${JSON.stringify(cleanJson(rows as unknown as Json))}::text::json) as v(id bigint, outcome text, detail text,
      message_id text, exchange jsonb, ended_at timestamptz)
    where d.id = v.id and d.id = any(array(select json_array_elements_text(${JSON.stringify(ends.map(({ id }) => id))}::text::json)::bigint))
      and d.outcome like 'sending' returning d.id`);
  return new Set(ended.map(({ id }) => Number(id)));
}

/**
 * Attempts that a dead process left open at an address: nobody knows whether they arrived. Only for whoever holds the
 * address's lease. How many there were.
 */
export async function adoptOpenAttempts(
  db: Db,
  channel: string,
  address: string,
  now: number,
): Promise<number> {
  const openOnes = and(
    eq(deliveries.address, address),
    eq(deliveries.channel, channel),
    // As the index says it, so that a kept plan may use it.
    sql`${deliveries.outcome} = 'sending'`,
  );
  return db.transaction(async (tx) => {
    const open = await tx
      .update(deliveries)
      .set({ outcome: 'unknown', detail: 'the process ended meanwhile', endedAt: now })
      .where(openOnes)
      .returning({ notificationId: deliveries.notificationId });
    if (open.length === 0) return 0;
    await tx
      .update(notifications)
      .set({ status: 'unknown', notBefore: null })
      .where(
        and(
          inArray(
            notifications.id,
            open.map(({ notificationId }) => notificationId),
          ),
          eq(notifications.status, 'sending'),
        ),
      );
    return open.length;
  });
}

/** Ends everything that waits since before then for an address of a channel that nobody knows, messages to edit included. */
export async function endUnfinishedAt(
  db: Db,
  channel: string,
  address: string,
  why: string,
  before: number,
  now: number,
): Promise<void> {
  await db.execute(sql`
    update notifications n set status = 'dead', reason = 'refused', detail = ${why}, not_before = null, ended_at = ${at(now)}
    from receivers r where r.id = n.receiver_id and r.channel = ${channel} and r.address = ${address}
      and n.status not in ('sent','suppressed','dead') and n.created_at < ${at(before)}`);
  await db.execute(
    sql`update copies set message_id = null where channel = ${channel} and address = ${address}
      and heard_at < ${at(before)}`,
  );
  await db.execute(sql`update deliveries set outcome = 'refused', detail = ${why}, ended_at = ${at(now)}
    where channel = ${channel} and address = ${address} and outcome = 'sending' and started_at < ${at(before)}`);
}
