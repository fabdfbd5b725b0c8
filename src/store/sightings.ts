// When somebody was last here, and since when they had been gone before that: what “since I was last here” means.
import { sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';

/** Within this long it is one visit. */
const visitMs = 3_600_000;
/** Presses one after the other are not each written down. */
const stepMs = 60_000;

/** Notes that the person wrote or pressed; since when they had not, when this begins a visit. */
export async function markSeen(
  db: Reader,
  { id: personId, seenAt }: { id: string; seenAt: number | null },
  now: number,
): Promise<number | undefined> {
  if (seenAt !== null && seenAt >= now - stepMs) return undefined;
  const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
  const [row] = await db.execute<{ before: string | Date | null }>(sql`
    update people p set seen_at = ${at(now)},
      absent_since = case when o.seen_at < ${at(now - visitMs)} then o.seen_at else p.absent_since end
    from (select id, seen_at from people where id = ${personId} for update) o
    where p.id = o.id and (o.seen_at is null or o.seen_at < ${at(now - stepMs)})
    returning o.seen_at as before`);
  const before = row?.before == null ? undefined : new Date(row.before).getTime();
  return before !== undefined && before < now - visitMs ? before : undefined;
}

/** Since when they had been gone before this visit; undefined: this is the first. */
export async function absentSince(db: Reader, personId: string): Promise<number | undefined> {
  const [row] = await db.execute<{ at: string | Date | null }>(
    sql`select absent_since as at from people where id = ${personId}`,
  );
  return row?.at == null ? undefined : new Date(row.at).getTime();
}
