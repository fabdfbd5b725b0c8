// What nobody has judged yet for receivers, and what the gates ask about it.
import { asc, type SQL, sql } from 'drizzle-orm';
import { recheckMs } from '#core/notification.ts';
import { among } from './among.ts';
import { at } from './at.ts';
import { type Seen, unspoken } from './budgets.ts';
import type { Tx } from './connection.ts';
import { type GateAnswer, type GateRows, gatesPart, readGates } from './gate-rows.ts';
import { type JsonRow, rowOf } from './json-rows.ts';
import { unfinished } from './notifications.ts';
import { budgets } from './schema/budgets.ts';
import { notifications } from './schema/notifications.ts';

type Row = typeof notifications.$inferSelect;

/**
 * One process at a time decides for a receiver, or two would each make a summary of half. Until the transaction ends.
 * `briefly`: this transaction waits a second for a lock and no longer, others wait for it who want another one.
 */
export async function holdReceivers(tx: Tx, receiverIds: string[], briefly: boolean): Promise<void> {
  const first = briefly ? sql`(select set_config('lock_timeout', '1s', true)) waits cross join` : sql``;
  await tx.execute(sql`select pg_advisory_xact_lock(7463, h) from ${first} (select distinct hashtext(r) as h
    from json_array_elements_text(${JSON.stringify(receiverIds)}::text::json) r order by h) x`);
}

export interface Pending {
  pending: Row[];
  /** Whether anything is held for them, so that more must perhaps be judged (`undecidedOf`). */
  held: boolean;
  /** What the gates ask about the pending; undefined where more must be judged, or there is more than `limit`. */
  gates: GateRows | undefined;
  /** Of those that are all that waits where they go, which nobody serves: how fast it may be spoken to there. */
  alone: Map<number, Seen[]>;
}

/**
 * What nobody has judged yet for these receivers, in order, locked. The receivers are held. `lonely`: whether it is asked
 * which are alone.
 */
export async function pendingOf(
  tx: Tx,
  receiverIds: string[],
  { limit, lonely }: { limit: number; lonely: boolean },
  now: number,
): Promise<Pending> {
  const each = sql`json_array_elements_text(${JSON.stringify(receiverIds)}::text::json) v(receiver)`;
  const its = (being: 'pending' | 'held') => sql`from notifications n where n.receiver_id = v.receiver
    and n.status not in ('sent','suppressed','dead') and n.status = ${sql.raw(`'${being}'`)}`;
  const { before, answer } = gatesPart(
    sql`select distinct receiver_id as r, alert_id as a from mine
      where (select not held and n < ${limit}::int from others)`,
    now,
  );
  const rows = await tx.execute<{
    pending: JsonRow[] | null;
    held: boolean;
    gates: GateAnswer | null;
    alone: { id: number; address: string; budget: JsonRow | null; whole: JsonRow | null }[] | null;
  }>(sql`
    with mine as materialized (
      select n.* from notifications n where n.id = any(array(select w.id from ${each} cross join lateral (
          select n.id ${its('pending')} order by 1 limit ${limit}::int) w order by 1 limit ${limit}::int))
        and n.status like 'pending' order by n.id for update),
    others as materialized (select (select count(*) from mine) as n,
      exists (select 1 from ${each} cross join lateral (select 1 ${its('held')} limit 1) w) as held),
    ${before}
    select (select json_agg(to_json(m) order by m.id) from mine m) as pending, o.held,
      case when not o.held and o.n < ${limit}::int and o.n > 0 then ${answer} end as gates,
      case when ${lonely}::boolean and not o.held then ${aloneIn(now)} end as alone from others o`);
  const { pending, held, gates, alone } = rows[0]!;
  return {
    pending: (pending ?? []).map((row) => rowOf(notifications, row)),
    held,
    gates: gates ? readGates(gates, now) : undefined,
    alone: new Map(
      (alone ?? []).map(({ id, address, budget, whole }) => [
        id,
        [budget ? rowOf(budgets, budget) : unspoken(address), ...(whole ? [rowOf(budgets, whole)] : [])],
      ]),
    ),
  };
}

/** Those of `mine` beside which nothing is to be told, edited or found out at their address. Nothing is held. */
function aloneIn(now: number): SQL {
  return sql`(select json_agg(json_build_object('id', m.id, 'address', r.address, 'budget', to_json(b),
      'whole', (select to_json(w) from budgets w where w.channel = r.channel and w.address = '*')))
    from (select receiver_id, min(id) as id from mine group by 1 having count(*) = 1) m
    join receivers r on r.id = m.receiver_id
    left join budgets b on b.channel = r.channel and b.address = r.address
    where b.lease_owner is null
      and not exists (select 1 from receivers o cross join lateral (
          select 1 from notifications n where n.receiver_id = o.id and n.status not in ('sent','suppressed','dead')
            and n.id <> m.id offset 0) n
        where o.channel = r.channel and o.address = r.address offset 0)
      and not exists (select 1 from deliveries d where d.address = r.address and d.channel = r.channel
        and d.outcome = 'sending' offset 0)
      and not exists (select 1 from copies c where c.channel = r.channel and c.address = r.address
        and c.shown_rev < c.wanted_rev and c.message_id is not null and c.edit_after <= ${at(now)} offset 0)
      and not exists (select 1 from boards s where s.channel = r.channel and s.address = r.address
        and s.message_id is not null and (s.ended_at is null or s.shown < s.wanted) offset 0))`;
}

/** A receiver for which is decided, and what its held ones wait for. */
export interface Deciding {
  receiverId: string;
  /** When the quiet hours that hold now end. */
  quietEnd: number | undefined;
  silenceEnds: number[];
}

/**
 * What must be judged for these receivers now, in order, locked: the pending, the held whose time has come, and the held
 * whose ground has changed since (a silence lifted or moved, quiet hours ended or set anew). With one of quiet hours'
 * held come all of them. `again`: asked a second time for this instant. The receivers are held.
 */
export async function undecidedOf(
  tx: Tx,
  deciding: Deciding[],
  again: boolean,
  limit: number,
  now: number,
): Promise<Row[]> {
  const iso = (ms: number) => new Date(ms).toISOString();
  const rows = deciding.map(({ receiverId, quietEnd, silenceEnds }) => ({
    receiver: receiverId,
    quiet_end: quietEnd === undefined ? null : iso(quietEnd),
    ends: silenceEnds.map(iso),
  }));
  const ground = sql`json_to_recordset(${JSON.stringify(rows)}::text::json)
    as v(receiver text, quiet_end timestamptz, ends timestamptz[])`;
  const { status, reason, receiverId, notBefore } = notifications;
  // What is gathered comes together: with the first whose time has come, all of them.
  const gathered = sql`${reason} in ('cap','grouped','digest','off-hours','away') and (${receiverId}, ${reason}) in (
    select o.receiver_id, o.reason from notifications o
    where ${among(
      sql`o.receiver_id`,
      deciding.map((one) => one.receiverId),
    )}
      and o.status not in ('sent','suppressed','dead') and o.status = 'held' and o.not_before <= ${at(now)})`;
  // What it waits for may be over; a second look at the same instant is for the others.
  const inhibited = again ? sql`and ${notBefore} is distinct from ${at(now + recheckMs)}` : sql``;
  const changed = sql`${notBefore} <= ${at(now)} or (${gathered})
    or (${reason} = 'inhibited' ${inhibited})
    or (${reason} = 'quiet-hours' and (v.quiet_end is null or ${notBefore} is distinct from v.quiet_end))
    or (${reason} = 'silenced' and ${notBefore} <> all(v.ends))`;
  // Receiver by receiver: however little the server knows of the sizes, it must not look through all that waits.
  const waiting = sql`array(select w.id from ${ground} cross join lateral (
      select ${notifications.id} from ${notifications} where ${receiverId} = v.receiver and ${unfinished}
        and (${status} = 'pending' or (${status} = 'held' and (${changed}))) order by 1 limit ${limit}::int) w
    order by 1 limit ${limit}::int)`;
  return tx
    .select()
    .from(notifications)
    .where(sql`${notifications.id} = any(${waiting}) and (${status} like 'pending' or ${status} like 'held')`)
    .orderBy(asc(notifications.id))
    .for('update');
}
