// The durable Telegram inbox: updates by their own number, handled in order per chat.
import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import { updates } from './schema/chat.ts';

/** An update as it came; `notBefore`: it failed and is tried again then. */
export type KeptUpdate = typeof updates.$inferSelect;

/** An update before it is kept. Updates that share `chatKey` keep their order. */
export type NewUpdate = Pick<KeptUpdate, 'updateId' | 'chatKey' | 'payload'>;

/**
 * An update that was not known. `begun`: its first attempt is counted; a moment before anybody could see the update, by the
 * ledger's clock in microseconds.
 */
export type Kept = Pick<KeptUpdate, 'updateId' | 'chatKey'> & { begun: number | undefined };

/**
 * Keeps updates; known numbers are left alone. What was new. `begin`: those that are begun at once, unless something else
 * waits in their chat.
 */
export async function keepUpdates(
  db: Reader,
  rows: NewUpdate[],
  now: number,
  begin: ReadonlySet<number> = new Set(),
): Promise<Kept[]> {
  if (rows.length === 0) return [];
  const given = JSON.stringify(
    rows.map(({ updateId, chatKey, payload }) => ({
      id: updateId,
      chat: chatKey,
      payload,
      begin: begin.has(updateId),
    })),
  );
  const kept = await db.execute<{ id: string; chat: string; begun: string | null }>(sql`
    insert into ${updates} (update_id, chat_key, payload, received_at, attempts)
    select v.id, v.chat, v.payload, ${at(now)}, case when v.begin and not exists (
        select 1 from updates u where u.chat_key = v.chat and u.done_at is null and u.update_id < v.id) then 1 else 0 end
      from json_to_recordset(${given}::text::json) as v(id bigint, chat text, payload jsonb, begin boolean)
    on conflict do nothing returning update_id as id, chat_key as chat,
      case when attempts > 0 then extract(epoch from clock_timestamp()) * 1e6 end as begun`);
  return kept.map(({ id, chat, begun }) => ({
    updateId: Number(id),
    chatKey: chat,
    begun: begun === null ? undefined : Number(begun),
  }));
}

/** These were begun, but are handled by somebody else: no attempt was made. */
export async function unbegin(db: Reader, updateIds: number[]): Promise<void> {
  await db
    .update(updates)
    .set({ attempts: sql`${updates.attempts} - 1` })
    .where(and(inArray(updates.updateId, updateIds), isNull(updates.doneAt)));
}

/** Waits until everything that was committed before is on disk. */
export async function reachDisk(db: Reader): Promise<void> {
  // A commit that writes nothing does not wait. What this writes is read by nobody.
  await db.execute(sql`select pg_logical_emit_message(true, 'tocsin', '')`);
}

/** A chat whose next update is wanted. `done`: the one before it, which was handled; `counted`: this one's attempt is. */
export interface Turn {
  chatKey: string;
  done?: number;
  counted?: number | undefined;
}

/** What a chat has next: an update that is begun, or until when it waits; undefined: nothing. */
export type Next =
  | { begun: Pick<KeptUpdate, 'updateId' | 'payload' | 'attempts'> }
  | { heldUntil: number }
  | undefined;

/**
 * Begins each chat's first waiting update, or says until when it waits: a failed one holds the chat until it is tried again.
 * The attempt is counted before it is made, so that an update that kills its process is not tried for ever. What was in one
 * that is done, which may be a password, is forgotten in the same statement.
 */
export async function beginUpdates(db: Reader, chats: Turn[], now: number): Promise<Next[]> {
  const wanted = JSON.stringify(
    chats.map(({ chatKey, done, counted }, number) => ({ number, chat: chatKey, done, counted })),
  );
  const rows = await db.execute<{
    number: number;
    held: Date | string | null;
    id: string | null;
    attempts: number;
    payload: Record<string, unknown>;
  }>(sql`
    with v as materialized (
      select * from json_to_recordset(${wanted}::text::json) as w(number int, chat text, done bigint, counted bigint)),
    ended as (update updates u set done_at = ${at(now)}, not_before = null, error = null, payload = '{}' from v
      where u.update_id = v.done and u.done_at is null),
    first as (select v.number, v.counted, l.* from v cross join lateral (
      select update_id as id, not_before from updates where chat_key = v.chat and done_at is null
        and update_id is distinct from v.done order by update_id limit 1) l),
    begun as (update updates u set attempts = u.attempts + case when f.id = f.counted then 0 else 1 end from first f
      where u.update_id = f.id and (f.not_before is null or f.not_before <= ${at(now)})
      returning u.update_id as id, u.attempts, u.payload)
    select f.number, f.not_before as held, b.id, b.attempts, b.payload from first f left join begun b on b.id = f.id`);
  const found = new Map(rows.map((row) => [row.number, row]));
  return chats.map((_, i) => {
    const row = found.get(i);
    if (!row) return undefined;
    if (row.id !== null)
      return { begun: { updateId: Number(row.id), payload: row.payload, attempts: row.attempts } };
    return row.held === null ? undefined : { heldUntil: new Date(row.held).getTime() };
  });
}

/** Lets the rest of the chat wait for its first update, so that nobody looks for work there before. */
export async function holdBehind(db: Reader, chatKey: string, until: number): Promise<void> {
  const earlier = or(isNull(updates.notBefore), lt(updates.notBefore, until));
  await db
    .update(updates)
    .set({ notBefore: until })
    .where(and(eq(updates.chatKey, chatKey), isNull(updates.doneAt), earlier));
}

/** Marks it handled and forgets what was in it; with the error it is given up, and stays. */
export async function endUpdate(
  db: Reader,
  updateId: number,
  error: string | null,
  now: number,
): Promise<void> {
  await db
    .update(updates)
    .set({ doneAt: now, notBefore: null, error, ...(error === null ? { payload: {} } : {}) })
    .where(and(eq(updates.updateId, updateId), isNull(updates.doneAt)));
}

/** Puts it off after an attempt that failed. */
export async function postponeUpdate(
  db: Reader,
  updateId: number,
  error: string,
  notBefore: number,
): Promise<void> {
  await db
    .update(updates)
    .set({ notBefore, error })
    .where(and(eq(updates.updateId, updateId), isNull(updates.doneAt)));
}

/** Removes at most `limit` updates that were handled before then; how many went. */
export async function trimUpdates(db: Reader, before: number, limit = 1000): Promise<number> {
  const old = db
    .select({ id: updates.updateId })
    .from(updates)
    .where(lt(updates.doneAt, before))
    .limit(limit);
  const rows = await db
    .delete(updates)
    .where(inArray(updates.updateId, old))
    .returning({ id: updates.updateId });
  return rows.length;
}
