// What waits at addresses, with what the gates ask about it. They are claimed and looked at by one question, and looked at and
// given back by another: most have one message, and would be asked three times for nothing.
import { type SQL, sql } from 'drizzle-orm';
import { at } from './at.ts';
import type { Seen } from './budgets.ts';
import type { Db } from './connection.ts';
import { readStale, type StaleCopy, type StaleRow, staleCopyAt } from './copies.ts';
import { type GateAnswer, type GateRows, gatesPart, readGates } from './gate-rows.ts';
import type { Line } from './in-a-row.ts';
import { type JsonRow, rowOf } from './json-rows.ts';
import { leaseHeld, type Place } from './leases.ts';
import { numbered } from './numbered.ts';
import { budgets } from './schema/budgets.ts';
import { notifications } from './schema/notifications.ts';
import { receivers } from './schema/receivers.ts';

/** Something to send, and what has to go out before it: “over” never overtakes what it ends. */
export interface Sendable {
  notification: typeof notifications.$inferSelect;
  receiver: typeof receivers.$inferSelect;
  after: { id: number; notBefore: number | null } | null;
}

export interface Waiting {
  /** What may be sent now, the most urgent first; also to receivers that were switched off meanwhile. */
  sendable: Sendable[];
  /** The message to edit first; true where it must be asked. */
  copy: StaleCopy | boolean;
  /** A board to edit, or to close because nothing came since `calmSince`. */
  board: boolean;
  /** How fast the address may be spoken to, and the channel as a whole, as it was then. */
  budgets: Seen[];
  /** An attempt that a process left open, or that another one had not ended yet when it was looked. */
  leftOpen: boolean;
  /** What the gates ask about the first of what may be sent, and of other addresses; undefined where it must be asked. */
  gates: GateRows | undefined;
}

/** Who looks, and for what. */
export interface Looking {
  owner: number;
  /** So many messages are looked at. */
  most: number;
  calmSince: number;
  now: number;
}

/**
 * Claims addresses, each once, until then; what waits at each, undefined where another living process serves it. It is what
 * waited when this was asked. Where the claim had to wait for somebody, that one may have sent it meanwhile: whatever is
 * done with it must look whether it waits still.
 */
export async function claim(
  db: Db,
  places: Place[],
  { until, ...wanted }: Looking & { until: number },
): Promise<(Waiting | undefined)[]> {
  // Whoever spoke there since this was asked has moved the row on: what was told meanwhile is not in what is read here.
  const ours = sql`(select p.*, to_json(c) as budget, coalesce(s.free_at, 'epoch') = c.free_at as current
    from claimed c join places p using (channel, address) left join budgets s using (channel, address))`;
  // Always in the same order, so that two processes that claim the same addresses do not wait for each other.
  const rows = await db.execute<Row>(sql`
    with places as materialized ${numbered(places)},
    claimed as (
      insert into ${budgets} as b (channel, address, free_at, lease_owner, lease_until)
      select channel, address, 'epoch', ${wanted.owner}::int, ${at(until)} from (
        select channel, address from places order by channel, address) v
      on conflict (channel, address) do update set lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
      where b.lease_owner = excluded.lease_owner or not ${leaseHeld(wanted.now)}
      returning b.channel, b.address, b.free_at, b.paused_until, b.share, b.share_at),
    waiting as materialized (${waitingAt(ours, wanted)}),
    ${withGates(wanted.now)}`);
  return read(rows, places, wanted.now);
}

/**
 * What waits at addresses of ours still; where nothing does, the address is given back and the answer is undefined. Where an
 * attempt is open it is not: what came of it is written first. A crash of the database may undo it.
 */
export async function leave(db: Line, places: Place[], wanted: Looking): Promise<(Waiting | undefined)[]> {
  const all = sql`(select p.*, to_json(b) as budget, true as current
    from places p left join budgets b using (channel, address))`;
  const rows = await db.execute<Row>(sql`
    with places as materialized (select p.* from (select set_config('synchronous_commit', 'off', true)) soft
      cross join ${numbered(places)} p),
    waiting as materialized (select * from (${waitingAt(all, wanted)}) w
      where w.copy or w.board or w.open or w.notification is not null),
    left_now as (
      update ${budgets} b set lease_owner = null, lease_until = null from (
        select b.channel, b.address from places p join ${budgets} b using (channel, address)
        where b.lease_owner = ${wanted.owner}::int and p.number not in (select number from waiting)
        order by b.channel, b.address for update of b) ours
      where b.channel = ours.channel and b.address = ours.address),
    ${withGates(wanted.now)}`);
  return read(rows, places, wanted.now);
}

type Row = {
  number: number;
  copy: boolean;
  /** In the first row of an address. */
  stale: StaleRow | null;
  board: boolean;
  open: boolean;
  notification: JsonRow | null;
  receiver: JsonRow | null;
  first: { id: number; notBefore: string | null } | null;
  budget: JsonRow | null;
  whole: JsonRow | null;
  asked: boolean;
  /** In the first row. */
  gates: GateAnswer | null;
};

/** What is `waiting`, and what the gates ask about what would be sent first at each address. */
function withGates(now: number): SQL {
  const { before, answer } = gatesPart(
    sql`select distinct receiver_id as r, alert_id as a from waiting where asked`,
    now,
  );
  return sql`${before}
    select number, copy, stale, board, open, notification, receiver, first, budget, whole, asked,
      case when row_number() over (order by number, place) = 1 and exists (select 1 from pairs) then ${answer} end as gates
    from waiting order by number, place`;
}

/**
 * One row for each thing to send, and one for an address that has none. `places` come with their budgets. What stands behind
 * `offset 0` is asked address by address: a plan from before a storm would read what waits at all of them.
 */
function waitingAt(places: SQL, { most, calmSince, now }: Looking): SQL {
  // A machine hears of each alert in order: what is behind a failed one waits for it.
  return sql`select v.number, l.place, to_json(n) as notification, to_json(r) as receiver, f.first,
    n.receiver_id, n.alert_id, l.place is not distinct from 1 and f.first is null and v.current as asked,
    exists (select 1 from copies c where c.channel = v.channel and c.address = v.address
      and c.shown_rev < c.wanted_rev and c.message_id is not null and c.edit_after <= ${at(now)} offset 0) as copy,
    case when coalesce(l.place, 1) = 1 and v.current then ${staleCopyAt(now)} end as stale,
    exists (select 1 from boards b where b.channel = v.channel and b.address = v.address
      and (b.ended_at is null or b.shown < b.wanted) and b.message_id is not null and b.edit_after <= ${at(now)}
      and (b.shown < b.wanted or b.last_at <= ${at(calmSince)}) offset 0) as board,
    exists (select 1 from deliveries d where d.address = v.address and d.channel = v.channel
      and d.outcome = 'sending' offset 0) as open,
    v.budget, (select to_json(b) from budgets b where b.channel = v.channel and b.address = '*') as whole
    from ${places} v left join lateral (
      select n.id, row_number() over (order by case when r.every_change then 0 when n.kind = 'over' then 1
          when n.kind = 'note' then 4 when n.severity = 'critical' then 0 else 3 end, n.id) as place
      from receivers r cross join lateral (
        select n.id, n.kind, n.severity, n.receiver_id, n.alert_id from notifications n where n.receiver_id = r.id
          and n.status not in ('sent','suppressed','dead') and n.status in ('ready','retry','unknown')
          and (n.not_before is null or n.not_before <= ${at(now)}) offset 0) n
      where r.channel = v.channel and r.address = v.address
        and not (r.every_change and n.alert_id is not null and exists (
          select 1 from notifications e where e.receiver_id = n.receiver_id and e.alert_id = n.alert_id and e.id < n.id
            and e.status not in ('sent','suppressed','dead')))
      order by place limit ${most}::int) l on true
    left join ${notifications} n on n.id = l.id left join ${receivers} r on r.id = n.receiver_id
    left join lateral (
      select json_build_object('id', o.id, 'notBefore', o.not_before) as first from notifications o
      where n.kind = 'over' and o.receiver_id = n.receiver_id
        and o.status not in ('sent','suppressed','dead') and o.status in ('ready','retry','unknown')
        and ((o.alert_id = n.alert_id and o.kind <> 'over') or (o.kind = 'summary' and o.id < n.id))
      order by o.not_before desc nulls last limit 1) f on true
    order by v.number, l.place`;
}

function read(rows: Row[], places: Place[], now: number): (Waiting | undefined)[] {
  const found = new Map<number, Waiting>();
  const answer = rows[0]?.gates;
  const gates = answer ? readGates(answer, now) : undefined;
  for (const row of rows) {
    const { number, copy, stale, board, open: leftOpen, notification, receiver, first, budget, whole } = row;
    const waiting = found.get(number) ?? {
      sendable: [],
      copy: stale ? readStale(stale) : copy,
      board,
      leftOpen,
      budgets: [budget, whole].flatMap((seen) => (seen ? rowOf(budgets, seen) : [])),
      gates: row.asked ? gates : undefined,
    };
    found.set(number, waiting);
    if (!notification || !receiver) continue;
    const notBefore = first?.notBefore == null ? null : Date.parse(first.notBefore);
    waiting.sendable.push({
      notification: rowOf(notifications, notification),
      receiver: rowOf(receivers, receiver),
      after: first && { id: first.id, notBefore },
    });
  }
  return places.map((_, i) => found.get(i));
}
