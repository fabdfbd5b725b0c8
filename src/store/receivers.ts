// Addresses on channels: where owners are told, and whether that works.
import { and, asc, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { Settings } from '#core/owner.ts';
import type { Style } from '#core/style.ts';
import { among } from './among.ts';
import type { Reader, Tx } from './connection.ts';
import { forgetTopics } from './forum-topics.ts';
import type { Keyring, Place } from './keyring.ts';
import { claimMarker } from './markers.ts';
import { budgets } from './schema/budgets.ts';
import { copies } from './schema/notifications.ts';
import { groups } from './schema/people.ts';
import { receivers } from './schema/receivers.ts';

/** A person's or group's address on a channel; `disabled` says why it is switched off. */
export type Receiver = typeof receivers.$inferSelect;

/** Why a receiver is off that somebody switched off by hand: then no news from its channel switches it on. */
export const offByHand = 'switched off by its owner';

/** Where a receiver's contact stands, for sealing it. */
export const contactPlace = (id: string): Place => ({ table: 'receivers', column: 'contact', row: id });

/** What was typed to reach it. */
export function contactOf(
  keyring: Keyring,
  { id, contact }: Pick<Receiver, 'id' | 'contact'>,
): { ok: true; contact: Record<string, unknown> } | { ok: false; why: string } {
  if (contact === null) return { ok: false, why: 'there is none' };
  const opened = keyring.open(contact, contactPlace(id));
  return opened.ok ? { ok: true, contact: JSON.parse(opened.plain) } : opened;
}

/** Replaces what is typed for it, sealed by the caller. */
export async function setContact(db: Reader, id: string, sealed: string): Promise<void> {
  await db.update(receivers).set({ contact: sealed }).where(eq(receivers.id, id));
}

/** The receiver with this id, also a disabled one. */
export async function findReceiver(db: Reader, id: string): Promise<Receiver | undefined> {
  const [row] = await db.select().from(receivers).where(eq(receivers.id, id));
  return row;
}

/** Everything these owners may be told at, disabled ones too, in order of arrival. */
export async function receiversOf(db: Reader, ownerIds: string[]): Promise<Receiver[]> {
  if (ownerIds.length === 0) return [];
  return db
    .select()
    .from(receivers)
    .where(inArray(receivers.ownerId, ownerIds))
    .orderBy(asc(receivers.createdAt), asc(receivers.id));
}

/** The same; none of them goes before the transaction ends, so that what names them is found by whoever takes one away. */
export async function keepReceiversOf(tx: Reader, ownerIds: string[]): Promise<Receiver[]> {
  if (ownerIds.length === 0) return [];
  const all = await tx
    .select()
    .from(receivers)
    .where(inArray(receivers.ownerId, ownerIds))
    .orderBy(asc(receivers.id))
    .for('key share');
  return all.sort((a, b) => a.createdAt - b.createdAt);
}

/** Holds one that is about to go: from then on nothing new names it. Undefined when it has gone. */
export async function lockReceiver(tx: Tx, id: string): Promise<Receiver | undefined> {
  const [row] = await tx.select().from(receivers).where(eq(receivers.id, id)).for('update');
  return row;
}

/** Every receiver, by owner, in order of arrival. */
export async function allReceivers(db: Reader): Promise<Receiver[]> {
  return db.select().from(receivers).orderBy(receivers.ownerId, asc(receivers.createdAt), asc(receivers.id));
}

/** Of these receivers those that something is on its way to, and nothing ever arrived at. */
export async function untriedOf(db: Reader, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: receivers.id })
    .from(receivers)
    .where(
      and(
        inArray(receivers.id, ids),
        sql`exists (select 1 from notifications n where n.receiver_id = ${receivers.id}
          and n.status not in ('sent','suppressed','dead'))`,
        sql`not exists (select 1 from notifications n where n.receiver_id = ${receivers.id} and n.status = 'sent')`,
      ),
    );
  return new Set(rows.map(({ id }) => id));
}

/** The receivers with these ids, in no order. */
export async function receiversNamed(db: Reader, ids: string[]): Promise<Receiver[]> {
  if (ids.length === 0) return [];
  return db.select().from(receivers).where(among(receivers.id, ids));
}

/** How an owner wants to be told, a person or a group. */
export interface OwnerSays extends Pick<Settings, 'quiet' | 'away' | 'morning'> {
  /** Null: they have not said. */
  zone: string | null;
  leftAt: number | null;
}

/** Adds a receiver; the owner's known one at this address is enabled again and keeps its id. */
export async function addReceiver(
  db: Reader,
  receiver: Omit<typeof receivers.$inferInsert, 'disabled' | 'disabledAt'>,
  /** Why it is off at first. */
  disabled: string | null = null,
  now: number = receiver.createdAt,
): Promise<Receiver> {
  const [row] = await db
    .insert(receivers)
    .values({ ...receiver, disabled, disabledAt: disabled === null ? null : now })
    .onConflictDoUpdate({
      target: [receivers.channel, receivers.address, receivers.ownerId, receivers.topic],
      set: { label: receiver.label, disabled: null, disabledAt: null },
    })
    .returning();
  await wakeCopies(db, [row!.id]);
  return row!;
}

/** Gives a receiver another name. */
export async function setLabel(db: Reader, id: string, label: string): Promise<void> {
  await db.update(receivers).set({ label }).where(eq(receivers.id, id));
}

/** The same for an owner's chat as a whole. */
export async function renameChat(
  db: Reader,
  { ownerId, channel, address, label }: Pick<Receiver, 'ownerId' | 'channel' | 'address' | 'label'>,
): Promise<void> {
  const chat = and(eq(receivers.ownerId, ownerId), eq(receivers.channel, channel), eq(receivers.topic, ''));
  await db
    .update(receivers)
    .set({ label })
    .where(and(chat, eq(receivers.address, address)));
}

/** Writes how a receiver wants to be told. */
export async function saveStyle(db: Reader, id: string, style: Style): Promise<void> {
  await db.update(receivers).set({ style }).where(eq(receivers.id, id));
}

/** One more attempt failed there: how many in a row, and since when. */
export async function noteFailure(
  tx: Tx,
  id: string,
  now: number,
): Promise<{ failures: number; since: number }> {
  const [row] = await tx
    .update(receivers)
    .set({
      failures: sql`${receivers.failures} + 1`,
      failingSince: sql`coalesce(${receivers.failingSince}, ${new Date(now).toISOString()}::timestamptz)`,
    })
    .where(eq(receivers.id, id))
    .returning({ failures: receivers.failures, since: receivers.failingSince });
  return { failures: row?.failures ?? 1, since: row?.since ?? now };
}

/** Switches one receiver on; what failed before counts no longer. */
export async function enableReceiver(db: Reader, id: string): Promise<void> {
  const on = { disabled: null, disabledAt: null, failures: 0, failingSince: null };
  await db.update(receivers).set(on).where(eq(receivers.id, id));
  await wakeCopies(db, [id]);
}

/** Forgets a receiver. What was told there stays known, by its id. */
export async function dropReceiver(tx: Tx, id: string): Promise<void> {
  const [gone] = await tx.delete(receivers).where(eq(receivers.id, id)).returning();
  if (!gone || gone.contact === null) return;
  await tx.delete(budgets).where(and(eq(budgets.channel, gone.channel), eq(budgets.address, gone.address)));
}

/** Switches one receiver off; the first reason stays. */
export async function disableReceiver(db: Reader, id: string, why: string, now: number): Promise<void> {
  await db
    .update(receivers)
    .set({ disabled: why, disabledAt: now })
    .where(and(eq(receivers.id, id), isNull(receivers.disabled)));
}

/** Switches everything at an address off; the ids that were on before. */
export async function disableReceiversAt(
  db: Reader,
  channel: string,
  address: string,
  why: string,
  now: number,
): Promise<string[]> {
  const rows = await db
    .update(receivers)
    .set({ disabled: why, disabledAt: now })
    .where(and(eq(receivers.channel, channel), eq(receivers.address, address), isNull(receivers.disabled)))
    .returning({ id: receivers.id });
  return rows.map(({ id }) => id);
}

/** Switches everything at an address on again that nobody switched off by hand; the ids that were off before. */
export async function enableReceiversAt(db: Reader, channel: string, address: string): Promise<string[]> {
  const rows = await db
    .update(receivers)
    .set({ disabled: null, disabledAt: null })
    .where(
      and(eq(receivers.channel, channel), eq(receivers.address, address), ne(receivers.disabled, offByHand)),
    )
    .returning({ id: receivers.id });
  const ids = rows.map(({ id }) => id);
  await wakeCopies(db, ids);
  return ids;
}

/** What changed while they were switched off is shown now. */
async function wakeCopies(db: Reader, receiverIds: string[]): Promise<void> {
  if (receiverIds.length === 0) return;
  await db
    .update(copies)
    .set({ editAfter: sql`${copies.heardAt}` })
    .where(
      and(
        inArray(copies.receiverId, receiverIds),
        sql`${copies.shownRev} < ${copies.wantedRev} and ${copies.messageId} is not null`,
      ),
    );
}

/** The marker that says where a chat went. */
export const movedFrom = (chatId: number) => `moved:telegram:${chatId}`;

/**
 * An address has a new form (a Telegram group became a supergroup): receivers and the group itself follow. What was
 * heard stays heard; messages at the old address can be edited no more. The ids of the receivers that moved.
 */
export async function moveAddress(tx: Tx, channel: string, from: string, to: string): Promise<string[]> {
  const at = and(eq(receivers.channel, channel), eq(receivers.address, from));
  // An owner who is already known at the new address keeps that receiver; the old one is only switched off by its caller.
  const free = sql`not exists (select 1 from ${receivers} r where r.channel = ${channel} and r.address = ${to} and r.owner_id = ${receivers.ownerId} and r.topic = ${receivers.topic})`;
  const rows = await tx
    .update(receivers)
    .set({
      address: to,
      disabled: sql`case when ${receivers.disabled} = ${offByHand} then ${receivers.disabled} end`,
      disabledAt: sql`case when ${receivers.disabled} = ${offByHand} then ${receivers.disabledAt} end`,
    })
    .where(and(at, free))
    .returning({ id: receivers.id });
  await tx
    .update(copies)
    .set({ address: to, messageId: null })
    .where(and(eq(copies.channel, channel), eq(copies.address, from)));
  await tx.delete(budgets).where(and(eq(budgets.channel, channel), eq(budgets.address, from)));
  await forgetTopics(tx, { channel, address: from });
  // Messages that stand at the old address keep their buttons.
  if (channel === 'telegram')
    await claimMarker(tx, movedFrom(Number(from)), { value: Number(to), detail: null });
  if (channel === 'telegram')
    await tx
      .update(groups)
      .set({ chatId: Number(to), leftAt: null })
      .where(
        and(
          eq(groups.chatId, Number(from)),
          sql`not exists (select 1 from ${groups} g where g.chat_id = ${Number(to)})`,
        ),
      );
  return rows.map(({ id }) => id);
}
