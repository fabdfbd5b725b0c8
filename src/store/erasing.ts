// What the ledger holds of a person, and how it goes: rows that are theirs, the places where they were told, their name in words.
import { and, eq, inArray, ne, or, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { forgetName } from './alerts.ts';
import type { Reader, Tx } from './connection.ts';
import { past, unfinished } from './notifications.ts';
import type { Person } from './people.ts';
import { acts } from './schema/actions.ts';
import { audit } from './schema/audit.ts';
import { boards } from './schema/boards.ts';
import { broadcastReceipts, broadcasts } from './schema/broadcasts.ts';
import { budgets } from './schema/budgets.ts';
import { buttons, conversations, updates } from './schema/chat.ts';
import { digests } from './schema/digests.ts';
import { heartbeats } from './schema/heartbeats.ts';
import { copies, deliveries, notifications } from './schema/notifications.ts';
import { invitations, passes, people } from './schema/people.ts';
import { confirmations, forumTopics, optOuts, receivers } from './schema/receivers.ts';
import { lists, packs, ruleStates, rules, tunings } from './schema/rules.ts';
import { silences } from './schema/silences.ts';
import { inValues, isTelling, wholeWord, withoutWord, withoutWordInJson } from './without-word.ts';

/** In the place of a name. */
export const somebody = 'somebody who has left';

/** The person, whom nobody else changes until the transaction ends. */
export async function lockPerson(tx: Tx, id: string): Promise<Person | undefined> {
  const [row] = await tx.select().from(people).where(eq(people.id, id)).for('update');
  return row;
}

/** They are not here any more. Who is away and had named them stays away with nobody in their place: the ids of those. */
export async function markLeft(tx: Tx, id: string, now: number): Promise<string[]> {
  await tx.update(people).set({ leftAt: now, role: 'member', away: null }).where(eq(people.id, id));
  const rows = await tx
    .update(people)
    .set({ away: sql`jsonb_set(${people.away}, '{delegate}', 'null')` })
    .where(sql`${people.away} ->> 'delegate' = ${id}`)
    .returning({ id: people.id, away: people.away });
  return rows.flatMap((row) => (row.away && row.away.until > now ? [row.id] : []));
}

/** Everything that is theirs or lets them in, at once: no button, link, page or ping of theirs works from now on. */
export async function eraseOwned(
  tx: Tx,
  { id, telegramId }: Person,
  receiverIds: string[],
  ruleIds: string[],
): Promise<void> {
  await tx.delete(passes).where(eq(passes.personId, id));
  await tx.delete(buttons).where(eq(buttons.chatId, telegramId));
  await tx.delete(invitations).where(eq(invitations.createdBy, `person:${id}`));
  await tx.delete(heartbeats).where(eq(heartbeats.ownerId, id));
  await tx.delete(lists).where(eq(lists.ownerId, id));
  await tx.delete(optOuts).where(eq(optOuts.ownerId, id));
  await tx.delete(silences).where(eq(silences.ownerId, id));
  await tx.delete(digests).where(eq(digests.ownerId, id));
  await tx.delete(packs).where(eq(packs.ownerId, id));
  await tx.delete(conversations).where(sql`${conversations.key} ~ ${numberIn(telegramId)}`);
  if (receiverIds.length > 0) {
    await tx.delete(confirmations).where(inArray(confirmations.receiverId, receiverIds));
    await tx.delete(copies).where(inArray(copies.receiverId, receiverIds));
    await tx.delete(boards).where(inArray(boards.receiverId, receiverIds));
  }
  if (ruleIds.length === 0) return;
  await tx.delete(ruleStates).where(inArray(ruleStates.ruleId, ruleIds));
  await tx.delete(tunings).where(inArray(tunings.ruleId, ruleIds));
  // The row stays, so that every process hears that it is deleted; what it said goes.
  const nothing = { name: '', match: [], params: {}, key: [], to: [], options: {}, ground: {} };
  await tx.update(rules).set(nothing).where(inArray(rules.id, ruleIds));
}

/** Whether something is still on its way to these receivers. */
export async function wordsPending(db: Reader, receiverIds: string[]): Promise<boolean> {
  if (receiverIds.length === 0) return false;
  const rows = await db
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(inArray(notifications.receiverId, receiverIds), unfinished))
    .limit(1);
  return rows.length > 0;
}

/** The places where they were told, with everything that was sent there, and the person. */
export async function erasePlaces(tx: Tx, person: Person, receiverIds: string[]): Promise<void> {
  const addresses = [String(person.telegramId), ...receiverIds];
  const sent = tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(inArray(notifications.receiverId, [...receiverIds, '']), past));
  await tx
    .delete(deliveries)
    .where(or(inArray(deliveries.notificationId, sent), inArray(deliveries.address, addresses)));
  if (receiverIds.length > 0)
    await tx.delete(notifications).where(and(inArray(notifications.receiverId, receiverIds), past));
  await tx.delete(budgets).where(inArray(budgets.address, addresses));
  await tx.delete(forumTopics).where(inArray(forumTopics.address, addresses));
  await tx.delete(receivers).where(eq(receivers.ownerId, person.id));
  await tx.delete(broadcastReceipts).where(eq(broadcastReceipts.ownerId, person.id));
  await tx.delete(buttons).where(eq(buttons.chatId, person.telegramId));
  await tx.delete(conversations).where(sql`${conversations.key} ~ ${numberIn(person.telegramId)}`);
  // Their numbers stay, so that no update is handled twice.
  await tx
    .update(updates)
    .set({ chatKey: '', payload: {} })
    .where(
      and(
        sql`${updates.doneAt} is not null`,
        or(
          sql`${updates.chatKey} ~ ${numberIn(person.telegramId)}`,
          sql`${updates.payload}::text ~ ${numberIn(person.telegramId)}`,
        ),
      ),
    );
  await tx.delete(people).where(eq(people.id, person.id));
}

const namesOf = ({ name, username }: Person) => [name, ...(username === null ? [] : [username])];

function auditOf({ id, telegramId }: Person): SQL | undefined {
  const about = [wholeWord(id), numberIn(telegramId)];
  return or(
    eq(audit.actor, `person:${id}`),
    eq(audit.target, id),
    ...about.map((pattern) => sql`${audit.detail}::text ~ ${pattern}`),
  );
}

/** The records that `eraseWords` changes, and no others. */
export function auditNaming(person: Person): SQL | undefined {
  return or(auditOf(person), ...namesOf(person).map((word) => inValues(audit.detail, word)));
}

/** Their name, wherever it stands in words; what they did stays, done by somebody who has left. */
export async function eraseWords(tx: Tx, person: Person): Promise<void> {
  const { name } = person;
  const ref = `person:${person.id}`;
  const names = namesOf(person);
  await forgetName(tx, { ref, names, instead: somebody });
  await eraseDeeds(tx, person);
  await tx.update(broadcasts).set({ by: somebody }).where(eq(broadcasts.byRef, ref));
  await tx.update(silences).set({ by: somebody }).where(eq(silences.by, name));
  // What was done to them or by them: that it was done stays, and when.
  await tx.update(audit).set({ detail: null }).where(auditOf(person));
  for (const word of names) {
    await tx
      .update(audit)
      .set({ detail: withoutWordInJson(audit.detail, word, somebody) })
      .where(inValues(audit.detail, word));
    await tx
      .update(deliveries)
      .set({ exchange: withoutWordInJson(deliveries.exchange, word, somebody) })
      .where(inValues(deliveries.exchange, word));
    await tx
      .update(broadcastReceipts)
      .set({
        seenBy: sql`array_to_json(array_replace(${seenByOf}, ${word}::text, ${somebody}::text))::jsonb`,
      })
      .where(sql`${broadcastReceipts.seenBy} @> to_jsonb(${word}::text)`);
  }
  for (const word of names.filter(isTelling)) {
    // Other kinds keep JSON, a seal or a code word there, and some of them are yet to be sent.
    await tx
      .update(notifications)
      .set({ body: without(notifications.body, word) })
      .where(and(eq(notifications.kind, 'note'), sql`strpos(${notifications.body}, ${word}) > 0`));
    await tx
      .update(notifications)
      .set({ detail: without(notifications.detail, word) })
      .where(and(ne(notifications.kind, 'summary'), sql`strpos(${notifications.detail}, ${word}) > 0`));
    await tx
      .update(deliveries)
      .set({ detail: without(deliveries.detail, word) })
      .where(sql`strpos(${deliveries.detail}, ${word}) > 0`);
  }
}

/** What they had done outside: what is over keeps no body, and what is yet to be asked says nobody's name. */
async function eraseDeeds(tx: Tx, { id, telegramId }: Person): Promise<void> {
  const unnamed = sql`regexp_replace(${acts.request} ->> 'body', ${String.raw`"by":"(?:[^"\\]|\\.)*"`}, ${`"by":"${somebody}"`})`;
  const open = inArray(acts.status, ['asked', 'confirmed', 'calling']);
  await tx
    .update(acts)
    .set({
      by: somebody,
      request: sql`jsonb_set(${acts.request}, '{body}', case when ${open} then coalesce(to_jsonb(${unnamed}), 'null') else 'null' end)`,
      // What came back may repeat what was sent.
      answer: sql`jsonb_set(${acts.answer}, '{body}', '""')`,
    })
    .where(eq(acts.byId, id));
  // Pressed in a group's chat, it is the group's number; in their own chat it is theirs.
  await tx.update(acts).set({ chatId: 0 }).where(eq(acts.chatId, telegramId));
}

const without = (column: AnyPgColumn, word: string) => withoutWord(column, word, somebody);

const seenByOf = sql`array(select jsonb_array_elements_text(${broadcastReceipts.seenBy}))`;

const numberIn = (telegramId: number) => `(^|[^0-9])${telegramId}([^0-9]|$)`;
