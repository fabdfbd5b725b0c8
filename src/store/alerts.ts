// The one door by which an alert changes: alert, transition, notifications and copies in one commit.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Doorbell } from '#core/doorbell.ts';
import { type AlertChange, beginsQuietly, hearsOfHearers, isPlain } from './alert-change.ts';
import { at } from './at.ts';
import { touchBoards } from './boards.ts';
import { toWatch } from './cares.ts';
import { type Evaluated, type Told, writeChanges, writeEvaluated } from './changes-written.ts';
import type { Reader, Tx } from './connection.ts';
import { markStale } from './copies.ts';
import { type LastWritten, withDeeds } from './deeds-written.ts';
import { emitEvents } from './emissions.ts';
import { lastly, type Unsent } from './lastly.ts';
import { alerts, transitions } from './schema/alerts.ts';
import { bellsFor, notificationsOf, tellHearers, waitingFor } from './tell-changes.ts';
import { together } from './together.ts';
import { isTelling, withoutWord } from './without-word.ts';

/** What is committed together with changes. */
export interface Beside extends Partial<Evaluated> {
  /** The transaction writes nothing after it: where one statement is enough, the commit goes out with it (`lastly`). */
  last?: boolean;
}

/**
 * Writes the steps, in order. An alert may appear several times; only its last form is kept, every transition is. Returns the
 * doorbells to ring once the transaction has committed.
 */
export function commit(tx: Tx, changes: AlertChange[], now: number): Promise<Doorbell[]> {
  return commitBeside(tx, changes, {}, now);
}

/** The same, with what was evaluated beside them. */
export async function commitBeside(
  tx: Tx,
  changes: AlertChange[],
  { last = false, added = [], updated = [], processed = [] }: Beside,
  now: number,
): Promise<Doorbell[]> {
  const evaluated: Evaluated = { added, updated, processed };
  const send = async (one: Unsent<unknown>) => void (await (last ? lastly(tx, [one]) : one));
  if (changes.length === 0) {
    const quiet = writeEvaluated(tx, evaluated, now);
    if (quiet) await send(quiet);
    return [];
  }
  const forms = [...new Map(changes.map(({ step }) => [step.alert.id, step.alert])).values()];
  const recorded = changes.filter(({ step }) => step.transition.change !== 'updated');
  const waits = recorded.some(hearsOfHearers);
  const begun = waits ? [] : notificationsOf(recorded, new Map(), new Set(), now);
  const transitions = recorded.map(({ step }) => step.transition);
  const watched = toWatch(recorded);
  const written = writeChanges(tx, { ...evaluated, alerts: forms, transitions, watched, told: begun }, now);
  // What begins waits for no answer: all of it is in that statement.
  if (!waits && changes.every(beginsQuietly)) {
    await send(written);
    return bellsFor(receiversOf(begun), []);
  }
  const hurried = new Set(recorded.map(({ step }) => step.alert.id));
  const sent = written.then(() => {});
  const hearers = markStale(tx, forms, hurried, now);
  const [, heard, boards, later, emitted, released] = await together([
    sent,
    hearers,
    touchBoards(
      tx,
      recorded.flatMap(({ step }) => (step.transition.by === null ? [] : [step.alert.id])),
    ),
    waits ? tellHearers(tx, recorded, hearers, now) : [],
    emitEvents(tx, recorded, now),
    waitingFor(tx, recorded),
  ]);
  const bells = bellsFor(receiversOf([...begun, ...later]), [...heard.map(({ place }) => place), ...boards]);
  return [...emitted, ...released, ...bells];
}

/**
 * What `commit` writes, unsent, to go out with the commit; undefined when more is to be done: something ends, somebody but a
 * machine is told, or it is passed on.
 */
export function commitLast(tx: Tx, changes: AlertChange[], now: number): LastWritten | undefined {
  if (changes.length === 0 || !changes.every(isPlain)) return undefined;
  const forms = [...new Map(changes.map(({ step }) => [step.alert.id, step.alert])).values()];
  const transitions = changes.map(({ step }) => step.transition);
  const evaluated: Evaluated = { added: [], updated: [], processed: [] };
  const watched = toWatch(changes);
  const written = writeChanges(tx, { ...evaluated, alerts: forms, transitions, watched, told: [] }, now);
  return withDeeds(tx, written, forms, changes, now);
}

/** The clock went back by so much: what open alerts wait for comes when it would have, and none began in time to come. */
export async function setAlertsBack(tx: Tx, byMs: number, now: number): Promise<void> {
  const moment = at(now);
  const by = sql`make_interval(secs => ${byMs / 1_000}::float8)`;
  await tx.execute(sql`
    update ${alerts} set due_at = case when due_at > ${moment} then due_at - ${by} else due_at end,
      since = least(since, ${moment}), acknowledged_at = case when acknowledged_at > ${moment} then acknowledged_at - ${by} else acknowledged_at end
    where status <> 'resolved' and (due_at > ${moment} or since > ${moment} or acknowledged_at > ${moment})`);
}

/** Forgets alerts that are over, with their history. */
export async function dropAlerts(tx: Tx, ids: string[]): Promise<void> {
  for (const part of chunks(ids)) {
    await tx.delete(transitions).where(inArray(transitions.alertId, part));
    await tx.delete(alerts).where(and(inArray(alerts.id, part), eq(alerts.status, 'resolved')));
  }
}

/**
 * Rows of a ledger that was restored on another server bear transactions that are yet to come there: they are old from
 * now on.
 */
export async function settleRestored(db: Reader): Promise<void> {
  await db.execute(
    sql`update ${transitions} set xid = '3' where xid >= pg_snapshot_xmax(pg_current_snapshot())`,
  );
}

/** Somebody who did something is called otherwise from now on; that it was done, and when, stays. */
export async function forgetName(
  tx: Tx,
  { ref, names, instead }: { ref: string; names: string[]; instead: string },
): Promise<void> {
  // Also what a key did for them; whoever has it is called as they were then.
  const theirs = sql`(by_ref = ${ref} or right(by_ref, ${ref.length + 1}) = ${` ${ref}`})`;
  await tx.execute(sql`update ${alerts} a set acknowledged_by = ${instead} from ${transitions} t
    where ${theirs} and t.alert_id = a.id and t.by = a.acknowledged_by`);
  for (const name of names.filter(isTelling)) {
    await tx
      .update(transitions)
      .set({ note: withoutWord(transitions.note, name, instead) })
      .where(sql`strpos(${transitions.note}, ${name}) > 0`);
  }
  await tx.update(transitions).set({ by: instead }).where(theirs);
}

const receiversOf = (told: Told[]) => told.map(({ receiverId }) => receiverId);

function chunks<T>(items: T[], size = 500): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
