// Who has heard of which alert, and the messages to keep up to date there.
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { Reader, Tx } from './connection.ts';
import { insertMany } from './insert-many.ts';
import { alerts, copies, groups, people, receivers } from './schema.ts';

/** One receiver's knowledge of one alert; `messageId` null: heard, nothing to edit. */
export type Copy = typeof copies.$inferSelect;
type Place = Pick<Copy, 'alertId' | 'receiverId' | 'channel' | 'address'>;

/** What this receiver heard of these alerts. */
export async function copiesOf(db: Reader, receiverId: string, alertIds: string[]): Promise<Copy[]> {
  if (alertIds.length === 0) return [];
  return db
    .select()
    .from(copies)
    .where(and(eq(copies.receiverId, receiverId), inArray(copies.alertId, alertIds)));
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

/**
 * A message about the alert stands there now; it takes the place of an older one. `shownRev`: the alert as it was
 * worded, `wantedRev`: as it is, both read under the alert's lock.
 */
export async function keepCopy(
  tx: Tx,
  copy: Place & { messageId: string | null; shownRev: number; wantedRev: number },
  now: number,
): Promise<void> {
  const { alertId: _alertId, receiverId: _receiverId, ...message } = copy;
  await tx
    .insert(copies)
    .values({ ...copy, editAfter: now, heardAt: now })
    .onConflictDoUpdate({
      target: [copies.alertId, copies.receiverId],
      set: { ...message, wantedRev: sql`greatest(${copies.wantedRev}, excluded.wanted_rev)`, editAfter: now },
    });
}

/** “Over” has been told to this receiver about these alerts. */
export async function markOver(
  db: Reader,
  receiverId: string,
  alertIds: string[],
  now: number,
): Promise<void> {
  if (alertIds.length === 0) return;
  await db
    .update(copies)
    .set({ overAt: sql`coalesce(${copies.overAt}, ${new Date(now).toISOString()}::timestamptz)` })
    .where(and(eq(copies.receiverId, receiverId), inArray(copies.alertId, alertIds)));
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
    update ${copies} c set wanted_rev = v.rev,
      edit_after = case when v.hurried then least(c.edit_after, ${new Date(now).toISOString()}::timestamptz) else c.edit_after end
    from json_to_recordset(${rows}::text::json) as v(id text, rev int, hurried boolean)
    where c.alert_id = v.id and c.wanted_rev < v.rev
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

/** The messages at an address to edit now, hurried and oldest first. */
export async function staleCopies(
  db: Reader,
  channel: string,
  address: string,
  now: number,
  limit: number,
): Promise<StaleCopy[]> {
  const hurried = sql<boolean>`exists (select 1 from transitions t
    where t.alert_id = ${copies.alertId} and t.rev > ${copies.shownRev})`;
  const rows = await db
    .select({
      copy: copies,
      hurried,
      alert: alerts,
      // The first of them decides whether there is one.
      receiver: { ownerId: receivers.ownerId, disabled: receivers.disabled },
      zone: sql<string | null>`coalesce(${people.zone}, ${groups.zone})`,
    })
    .from(copies)
    .leftJoin(alerts, eq(alerts.id, copies.alertId))
    .leftJoin(receivers, eq(receivers.id, copies.receiverId))
    .leftJoin(people, eq(people.id, receivers.ownerId))
    .leftJoin(groups, eq(groups.id, receivers.ownerId))
    .where(
      and(
        eq(copies.channel, channel),
        eq(copies.address, address),
        sql`${copies.shownRev} < ${copies.wantedRev} and ${copies.messageId} is not null`,
        sql`${copies.editAfter} <= ${new Date(now).toISOString()}::timestamptz`,
      ),
    )
    .orderBy(sql`${hurried} desc`, asc(copies.editAfter), asc(copies.alertId))
    .limit(limit);
  return rows.map(({ copy, ...rest }) => ({ ...copy, ...rest }));
}

/** After an edit: what it shows now, and when the next cosmetic one may follow. */
export async function shown(
  db: Reader,
  copy: Pick<Copy, 'alertId' | 'receiverId'>,
  rev: number,
  editAfter: number,
): Promise<void> {
  await db
    .update(copies)
    .set({
      shownRev: sql`greatest(${copies.shownRev}, ${rev}::int)`,
      // A transition that came meanwhile has set it to its own time: what it hurried stays hurried.
      editAfter: sql`case when exists (select 1 from transitions t where t.alert_id = ${copies.alertId} and t.rev > ${rev}::int)
        then ${copies.editAfter} else ${new Date(editAfter).toISOString()}::timestamptz end`,
    })
    .where(and(eq(copies.alertId, copy.alertId), eq(copies.receiverId, copy.receiverId)));
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
