// When somebody was last here, and since when they had been gone before that: what “since I was last here” means.
import { sql } from 'drizzle-orm';
import { among } from './among.ts';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import { latest } from './gathered.ts';

/** Within this long it is one visit. */
const visitMs = 3_600_000;
/** Presses one after the other are not each written down. */
const stepMs = 60_000;

/**
 * Notes that these people wrote or pressed; since when each had not, when this begins a visit. A row that somebody else
 * changes at this moment is left to the next time.
 */
export async function markSeen(
  db: Reader,
  asked: { person: { id: string; seenAt: number | null }; now: number }[],
): Promise<(number | undefined)[]> {
  const now = latest(asked);
  const ids = asked
    .filter(({ person: { seenAt } }) => seenAt === null || seenAt < now - stepMs)
    .map(({ person }) => person.id);
  if (ids.length === 0) return asked.map(() => undefined);
  const rows = await db.execute<{ id: string; before: string | Date | null }>(sql`
    update people p set seen_at = ${at(now)},
      absent_since = case when o.seen_at < ${at(now - visitMs)} then o.seen_at else p.absent_since end
    from (select id, seen_at from people where ${among(sql`id`, ids)} for update skip locked) o
    where p.id = o.id and (o.seen_at is null or o.seen_at < ${at(now - stepMs)})
    returning p.id, o.seen_at as before`);
  const found = new Map(rows.map(({ id, before }) => [id, before]));
  return asked.map(({ person }) => {
    const said = found.get(person.id);
    const before = said == null ? undefined : new Date(said).getTime();
    return before !== undefined && before < now - visitMs ? before : undefined;
  });
}

/** Since when they had been gone before this visit; undefined: this is the first. */
export async function absentSince(db: Reader, personId: string): Promise<number | undefined> {
  const [row] = await db.execute<{ at: string | Date | null }>(
    sql`select absent_since as at from people where id = ${personId}`,
  );
  return row?.at == null ? undefined : new Date(row.at).getTime();
}
