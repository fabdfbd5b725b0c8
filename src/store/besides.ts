// What waits at addresses besides messages to send: seldom anything, and known for all of them by one question.
import { sql } from 'drizzle-orm';
import type { Reader } from './connection.ts';
import type { Place } from './leases.ts';
import { numbered } from './numbered.ts';

export interface Besides {
  /** A message to edit. */
  copy: boolean;
  /** A board to edit, or to close because nothing came since `calmSince`. */
  board: boolean;
  /** An attempt that a process left open. */
  leftOpen: boolean;
}

const nothing: Besides = { copy: false, board: false, leftOpen: false };

/** For each address. */
export async function besidesAt(
  db: Reader,
  places: Place[],
  calmSince: number,
  now: number,
): Promise<Besides[]> {
  const at = sql`${new Date(now).toISOString()}::timestamptz`;
  const rows = await db.execute<{ of: number; copy: boolean; board: boolean; open: boolean }>(sql`
    select w.* from (select v.number as of,
      exists (select 1 from copies c where c.channel = v.channel and c.address = v.address
        and c.shown_rev < c.wanted_rev and c.message_id is not null and c.edit_after <= ${at}) as copy,
      exists (select 1 from boards b where b.channel = v.channel and b.address = v.address
        and (b.ended_at is null or b.shown < b.wanted) and b.message_id is not null and b.edit_after <= ${at}
        and (b.shown < b.wanted or b.last_at <= ${new Date(calmSince).toISOString()}::timestamptz)) as board,
      exists (select 1 from deliveries d where d.address = v.address and d.channel = v.channel
        and d.outcome = 'sending') as open
      from ${numbered(places)} v) w where w.copy or w.board or w.open`);
  const found = new Map(
    rows.map(({ of, copy, board, open }): [number, Besides] => [of, { copy, board, leftOpen: open }]),
  );
  return places.map((_, i) => found.get(i) ?? nothing);
}
