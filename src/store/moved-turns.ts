// Rows of budgets moved on by the turns that are taken, as parts of a statement.
import { type SQL, sql } from 'drizzle-orm';
import type { Seen } from './budgets.ts';

/** A row as it was seen, and when the address is free again after the turns that it gives. */
export interface Move {
  before: Seen;
  after: number;
}

/** `moved as (…)`: moves each row on unless somebody else changed it since it was read; the addresses that were. */
export function movedPart(channel: string, moves: Move[]): SQL {
  // The channel as a whole is what all want: its row comes last. The others as leases are claimed.
  return sql`due as (select b.channel, v.address, v.after from ${steps(moves)} v
      join budgets b on b.address = v.address and b.channel = ${channel} where ${asSeen}
      order by v.address = '*', v.address for update of b),
    moved as (
      update budgets b set free_at = due.after from due where b.channel = due.channel and b.address = due.address
      returning b.address)`;
}

/** Whose an address becomes, and until when. */
export interface Claim {
  owner: number;
  until: number;
}

/** The same for addresses that nobody serves or ever spoke to, which are claimed with it. */
export function claimedPart(channel: string, moves: Move[], { owner, until }: Claim): SQL {
  // None when the channel as a whole has moved meanwhile, for then none may speak. It is locked after the addresses, as ever.
  const wholeStands = sql`not exists (select 1 from steps v join budgets b on b.address = v.address and b.channel = ${channel}
    where v.address = '*' and not (${asSeen}))`;
  return sql`steps as materialized (select * from ${steps(moves)} v),
    claimed as (
      insert into budgets as b (channel, address, free_at, lease_owner, lease_until)
      select ${channel}, address, after, ${owner}::int, ${new Date(until).toISOString()}::timestamptz from steps
      where address <> '*' and ${wholeStands} order by address
      on conflict (channel, address) do update
        set free_at = excluded.free_at, lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
        where b.lease_owner is null and exists (select 1 from steps v where v.address = b.address and ${asSeen})
      returning b.address),
    whole as (
      update budgets b set free_at = v.after from (select count(*) as n from claimed) all_of_them cross join steps v
      where all_of_them.n > 0 and v.address = '*' and b.channel = ${channel} and b.address = v.address and ${asSeen}
      returning b.address),
    moved as (select address from claimed union all select address from whole)`;
}

/** The row `b` is as it was seen when `v` was drawn. */
const asSeen = sql.raw(`b.free_at = v.before and b.paused_until is not distinct from v.paused
  and b.share is not distinct from v.share and b.share_at is not distinct from v.at`);

/** As a table, to be named. */
function steps(moves: Move[]): SQL {
  const instant = (ms: number | null) => ms && new Date(ms).toISOString();
  const values = moves.map(({ before: { address, freeAt, pausedUntil, share, shareAt: at }, after }) => ({
    address,
    before: new Date(freeAt).toISOString(),
    after: new Date(after).toISOString(),
    paused: instant(pausedUntil),
    share,
    at: instant(at),
  }));
  return sql`(select * from json_to_recordset(${JSON.stringify(values)}::text::json)
    as x(address text, before timestamptz, after timestamptz, paused timestamptz, share float8, at timestamptz))`;
}
