// Who has heard of which alert, and the messages to keep up to date there.
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import { at } from './at.ts';
import type { Reader, Tx } from './connection.ts';
import { insertMany } from './insert-many.ts';
import { type JsonRow, rowOf } from './json-rows.ts';
import { numbered } from './numbered.ts';
import { alerts } from './schema/alerts.ts';
import { copies } from './schema/notifications.ts';
import { groups, people } from './schema/people.ts';
import { receivers } from './schema/receivers.ts';

/** One receiver's knowledge of one alert; `messageId` null: heard, nothing to edit. */
export type Copy = typeof copies.$inferSelect;
type Place = Pick<Copy, 'alertId' | 'receiverId' | 'channel' | 'address'>;

// What writes many rows holds them first, always in this order: two that write the same ones never wait in a circle.
const inOrder = sql.raw('order by h.alert_id, h.receiver_id for update of h');

/** A receiver and an alert. */
export interface Pair {
  receiverId: string;
  alertId: string;
}

/** The alerts named are heard of, or may be, with no message to edit: in a summary, or lost. A known message stays. */
export async function hearOf(
  tx: Tx,
  place: Omit<Place, 'alertId'>,
  alerts: { id: string; rev: number }[],
  now: number,
): Promise<void> {
  if (alerts.length === 0) return;
  const rows = alerts.map(({ id, rev }) => ({
    ...place,
    alertId: id,
    messageId: null,
    shownRev: rev,
    wantedRev: rev,
    editAfter: now,
    heardAt: now,
  }));
  await tx.execute(sql`${insertMany(copies, rows)} on conflict do nothing`);
}

/** “Over” has been told to each receiver about its alert. */
export async function markOver(db: Reader, pairs: Pair[], now: number): Promise<void> {
  if (pairs.length === 0) return;
  await db.execute(sql`
    with held as materialized (
      select h.alert_id, h.receiver_id from json_to_recordset(${JSON.stringify(pairs)}::text::json)
        as v("alertId" text, "receiverId" text)
      join copies h on h.alert_id = v."alertId" and h.receiver_id = v."receiverId" ${inOrder})
    update ${copies} c set over_at = coalesce(c.over_at, ${at(now)})
    from held where c.alert_id = held.alert_id and c.receiver_id = held.receiver_id`);
}

/** Who has heard of an alert, and where. */
export interface Hearer {
  alertId: string;
  receiverId: string;
  place: string;
  isMachine: boolean;
}

/** Every message about these alerts shows less than is known from here on: whoever has one has heard of it. */
export async function markStale(
  tx: Tx,
  changed: Alert[],
  hurried: Set<string>,
  now: number,
): Promise<Hearer[]> {
  const moved = changed.filter(({ rev }) => rev > 1);
  if (moved.length === 0) return [];
  const rows = JSON.stringify(moved.map(({ id, rev }) => ({ id, rev, hurried: hurried.has(id) })));
  const found = await tx.execute<{
    alert_id: string;
    receiver_id: string;
    channel: string;
    address: string;
    machine: boolean | null;
  }>(sql`
    with held as materialized (
      select h.alert_id, h.receiver_id, v.rev, v.hurried
      from json_to_recordset(${rows}::text::json) as v(id text, rev int, hurried boolean)
      join copies h on h.alert_id = v.id where h.wanted_rev < v.rev ${inOrder})
    update ${copies} c set wanted_rev = held.rev,
      edit_after = case when held.hurried then least(c.edit_after, ${at(now)}) else c.edit_after end
    from held where c.alert_id = held.alert_id and c.receiver_id = held.receiver_id
    returning c.alert_id, c.receiver_id, c.channel, c.address,
      (select r.every_change from ${receivers} r where r.id = c.receiver_id) as machine`);
  return found.map(({ alert_id, receiver_id, channel, address, machine }) => ({
    alertId: alert_id,
    receiverId: receiver_id,
    place: `${channel}|${address}`,
    isMachine: machine === true,
  }));
}

/**
 * A message that shows less than is known, and what it takes to word it anew. `hurried`: somebody did something, or it is
 * over; not just a new value. `zone`: null when its owner has not said theirs.
 */
export type StaleCopy = Copy & {
  hurried: boolean;
  alert: Alert | null;
  receiver: { disabled: string | null; ownerId: string } | null;
  zone: string | null;
};

/** As `staleCopyAt` says it. */
export interface StaleRow {
  hurried: boolean;
  copy: JsonRow;
  alert: JsonRow | null;
  ownerId: string | null;
  disabled: string | null;
  zone: string | null;
}

/** A SQL value: the message to edit first now at the address of `v`; hurried ones before others, the oldest first. */
export function staleCopyAt(now: number): SQL {
  return sql`(select json_build_object('hurried', l.hurried, 'copy', to_json(c), 'alert', to_json(a),
      'ownerId', r.owner_id, 'disabled', r.disabled, 'zone', coalesce(p.zone, g.zone))
    from (
      select c.alert_id, c.receiver_id,
        exists (select 1 from transitions t where t.alert_id = c.alert_id and t.rev > c.shown_rev) as hurried
      from copies c where c.channel = v.channel and c.address = v.address
        and c.shown_rev < c.wanted_rev and c.message_id is not null
        and c.edit_after <= ${at(now)}
      order by hurried desc, c.edit_after, c.alert_id limit 1) l
    join ${copies} c on c.alert_id = l.alert_id and c.receiver_id = l.receiver_id
    left join ${alerts} a on a.id = c.alert_id left join ${receivers} r on r.id = c.receiver_id
    left join ${people} p on p.id = r.owner_id left join ${groups} g on g.id = r.owner_id)`;
}

/** Reads what `staleCopyAt` says. */
export function readStale({ hurried, copy, alert, ownerId, disabled, zone }: StaleRow): StaleCopy {
  return {
    ...rowOf(copies, copy),
    hurried,
    alert: alert && rowOf(alerts, alert),
    receiver: ownerId === null ? null : { ownerId, disabled },
    zone,
  };
}

/** The message at each address to edit first now. */
export async function staleCopies(
  db: Reader,
  places: Pick<Place, 'channel' | 'address'>[],
  now: number,
): Promise<(StaleCopy | undefined)[]> {
  const rows = await db.execute<{ number: number; stale: StaleRow | null }>(
    sql`select v.number, ${staleCopyAt(now)} as stale from ${numbered(places)} v`,
  );
  const found = new Map(rows.map(({ number, stale }) => [number, stale]));
  return places.map((_, i) => {
    const stale = found.get(i);
    return stale ? readStale(stale) : undefined;
  });
}

/** After edits: what each message shows now, and when the next cosmetic one may follow. */
export async function shown(
  db: Reader,
  edits: { copy: Pair; rev: number; editAfter: number }[],
): Promise<void> {
  const rows = edits.map(({ copy: { alertId, receiverId }, rev, editAfter }) => ({
    alertId,
    receiverId,
    rev,
    after: new Date(editAfter).toISOString(),
  }));
  // A transition that came meanwhile has set it to its own time: what it hurried stays hurried. What was edited late, by a
  // process that had been stopped, stands there now, however old: with its own number it is edited anew.
  await db.execute(sql`
    with held as materialized (
      select h.alert_id, h.receiver_id, v.rev, v.after from json_to_recordset(${JSON.stringify(rows)}::text::json)
        as v("alertId" text, "receiverId" text, rev int, after timestamptz)
      join copies h on h.alert_id = v."alertId" and h.receiver_id = v."receiverId" ${inOrder})
    update ${copies} c set shown_rev = held.rev,
      edit_after = case when exists (select 1 from transitions t where t.alert_id = c.alert_id and t.rev > held.rev)
        then c.edit_after else held.after end
    from held where c.alert_id = held.alert_id and c.receiver_id = held.receiver_id`);
}

/** The edit could not be made now: not before then. */
export async function editLater(
  db: Reader,
  copy: Pick<Copy, 'alertId' | 'receiverId'>,
  editAfter: number,
): Promise<void> {
  await db
    .update(copies)
    .set({ editAfter })
    .where(and(eq(copies.alertId, copy.alertId), eq(copies.receiverId, copy.receiverId)));
}

/** The message is gone: it was heard all the same. */
export async function forgetMessage(
  db: Reader,
  copy: Pick<Copy, 'alertId' | 'receiverId' | 'messageId'>,
): Promise<void> {
  await db
    .update(copies)
    .set({ messageId: null, shownRev: sql`${copies.wantedRev}` })
    .where(
      and(
        eq(copies.alertId, copy.alertId),
        eq(copies.receiverId, copy.receiverId),
        copy.messageId === null ? undefined : eq(copies.messageId, copy.messageId),
      ),
    );
}
