// The one door by which an alert changes: alert, transition, notifications and copies in one commit.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Alert, Change, Step } from '#core/alert.ts';
import type { Doorbell } from '#core/doorbell.ts';
import type { NotificationKind } from '#core/notification.ts';
import { among } from './among.ts';
import { touchBoards } from './boards.ts';
import { toWatch } from './cares.ts';
import { type Evaluated, type Told, writeChanges, writeEvaluated } from './changes-written.ts';
import type { Reader, Tx } from './connection.ts';
import { type Hearer, markStale } from './copies.ts';
import { type LastWritten, withDeeds } from './deeds-written.ts';
import { type Emitter, emitEvents } from './emissions.ts';
import { insertMany } from './insert-many.ts';
import { lastly, type Unsent } from './lastly.ts';
import { pairsNamed, type RuleKey } from './rule-states.ts';
import { alerts, transitions } from './schema/alerts.ts';
import { notifications } from './schema/notifications.ts';
import { receivers } from './schema/receivers.ts';
import { together } from './together.ts';
import { isTelling, withoutWord } from './without-word.ts';

/** A step of `core/alert.ts` and whom its rule tells. */
export interface AlertChange {
  step: Step;
  receivers: string[];
  /** A reminder, too, goes to whoever heard of it. */
  toHeard?: boolean;
  /** Whose alert it is: without it nothing is passed on (`emit`). */
  rule?: Emitter | undefined;
}

/** What a change means to those who are told; absent: only their messages are edited. */
const tells: Partial<Record<Change, NotificationKind>> = {
  fired: 'firing',
  told: 'notice',
  worse: 'worse',
  reached: 'firing',
  woke: 'reminder',
  reminded: 'reminder',
  expired: 'reminder',
  escalated: 'firing',
  resolved: 'over',
  withdrawn: 'over',
};

/** What people see by an edit, and machines are told. */
const forMachines: ReadonlySet<Change> = new Set(['acknowledged', 'released', 'snoozed', 'acted', 'noted']);

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
    return bellsFor(begun, []);
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
  const bells = bellsFor([...begun, ...later], [...heard.map(({ place }) => place), ...boards]);
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

function isPlain({ step: { alert, transition }, toHeard, rule }: AlertChange): boolean {
  return forMachines.has(transition.change) && alert.status !== 'resolved' && toHeard !== true && !rule?.emit;
}

function bellsFor(told: Told[], places: string[]): Doorbell[] {
  const receiverIds = new Set(told.map(({ receiverId }) => receiverId));
  return [
    ...[...receiverIds].map((id): Doorbell => ({ job: 'notify', id })),
    ...[...new Set(places)].map((id): Doorbell => ({ job: 'deliver', id })),
  ];
}

/** Nobody has a message about it, nobody did it, and nothing else follows from it. */
function beginsQuietly({ step, rule }: AlertChange): boolean {
  const { alert, transition } = step;
  const isNew = alert.rev === 1 && alert.status !== 'resolved';
  return isNew && transition.by === null && rule?.emit === undefined && transition.change !== 'asked';
}

const hearsOfHearers = (change: AlertChange) => toHeard(change) || kindOf(change) === 'changed';

const toHeard = (change: AlertChange) =>
  change.toHeard === true || ['over', 'changed'].includes(kindOf(change) ?? '');

async function tellHearers(
  tx: Tx,
  changes: AlertChange[],
  hearers: Promise<Hearer[]>,
  now: number,
): Promise<Told[]> {
  const heard = new Map<string, string[]>();
  const machines = new Map<string, boolean>();
  for (const { alertId, receiverId, isMachine } of await hearers) {
    heard.set(alertId, [...(heard.get(alertId) ?? []), receiverId]);
    machines.set(receiverId, isMachine);
  }
  await findMachines(tx, changes, machines);
  const listening = new Set([...machines].flatMap(([id, isMachine]) => (isMachine ? [id] : [])));
  const wanted = notificationsOf(changes, heard, listening, now);
  if (wanted.length > 0) await tx.execute(sql`${insertMany(notifications, wanted)} on conflict do nothing`);
  return wanted;
}

function notificationsOf(
  changes: AlertChange[],
  heard: Map<string, string[]>,
  machines: Set<string>,
  now: number,
): Told[] {
  return changes.flatMap((change) => {
    const { receivers, step } = change;
    const { alert, transition } = step;
    const kind = kindOf(change);
    if (!kind) return [];
    // Whoever heard “broke” hears “over”, also when the rule no longer names them.
    const audience = new Set(toHeard(change) ? [...receivers, ...(heard.get(alert.id) ?? [])] : receivers);
    const told = kind === 'changed' ? [...audience].filter((id) => machines.has(id)) : [...audience];
    return told.map((receiverId) => ({
      kind,
      receiverId,
      alertId: alert.id,
      alertRev: transition.rev,
      severity: alert.severity,
      status: 'pending' as const,
      createdAt: now,
    }));
  });
}

/** Adds which receivers of the rules are told every change. Asked for only when somebody did something. */
async function findMachines(tx: Tx, changes: AlertChange[], machines: Map<string, boolean>): Promise<void> {
  const deeds = changes.filter((change) => kindOf(change) === 'changed');
  const ids = new Set(deeds.flatMap((change) => change.receivers).filter((id) => !machines.has(id)));
  if (ids.size === 0) return;
  const rows = await tx
    .select({ id: receivers.id })
    .from(receivers)
    .where(and(inArray(receivers.id, [...ids]), eq(receivers.everyChange, true)));
  for (const { id } of rows) machines.set(id, true);
}

const kindOf = ({ step }: AlertChange): NotificationKind | undefined =>
  tells[step.transition.change] ?? (forMachines.has(step.transition.change) ? 'changed' : undefined);

/** Who may be told now what an alert that ended here explained. Nothing is locked: whoever is missed is asked in a minute. */
async function waitingFor(tx: Tx, changes: AlertChange[]): Promise<Doorbell[]> {
  const owners = new Set(
    changes.filter(({ step }) => step.alert.status === 'resolved').map(({ step }) => step.alert.ownerId),
  );
  if (owners.size === 0) return [];
  const rows = await tx.execute<{ receiver_id: string }>(sql`
    select distinct n.receiver_id from ${notifications} n join ${alerts} a on a.id = n.alert_id
      where n.status = 'held' and n.reason = 'inhibited' and a.owner_id in
        (select json_array_elements_text(${JSON.stringify([...owners])}::text::json))`);
  return rows.map(({ receiver_id: id }) => ({ job: 'notify', id }));
}

/** One alert, locked until the transaction ends when `lock` is asked for. */
export async function findAlert(db: Reader, id: string, lock = false): Promise<Alert | undefined> {
  const query = db.select().from(alerts).where(eq(alerts.id, id));
  const [row] = await (lock ? query.for('update') : query);
  return row;
}

/** The open alerts of these rules and keys, and every rule's for each of `keys`, locked, always in the same order. */
export async function lockOpenAlerts(tx: Tx, wanted: RuleKey[], keys: string[] = []): Promise<Alert[]> {
  if (wanted.length === 0 && keys.length === 0) return [];
  const found = await tx
    .select({ row: alerts })
    .from(pairsNamed(wanted, keys, sql`${alerts} s on s.key = w.key and s.status <> 'resolved'`))
    .innerJoin(
      alerts,
      sql`p.rule_id = ${alerts.ruleId} and p.key = ${alerts.key} and ${alerts.status} <> 'resolved'`,
    )
    .orderBy(alerts.ruleId, alerts.key)
    .for('update', { of: alerts });
  return found.map(({ row }) => row);
}

/** The open alerts of one rule, locked; for withdrawing them with the rule. */
export async function lockAlertsOfRule(tx: Tx, ruleId: string): Promise<Alert[]> {
  return tx
    .select()
    .from(alerts)
    .where(and(eq(alerts.ruleId, ruleId), sql`${alerts.status} <> 'resolved'`))
    .orderBy(alerts.key)
    .for('update');
}

/** Snoozed alerts whose time has come, locked; others' rows are left to them. */
export async function lockWaking(tx: Tx, now: number, limit = 200): Promise<Alert[]> {
  return tx
    .select()
    .from(alerts)
    .where(
      and(
        sql`${alerts.snoozedUntil} is not null`,
        sql`${alerts.snoozedUntil} <= ${new Date(now).toISOString()}::timestamptz`,
        sql`${alerts.status} <> 'resolved'`,
      ),
    )
    .orderBy(alerts.ruleId, alerts.key)
    .limit(limit)
    .for('update', { skipLocked: true });
}

export type Standing = Pick<Alert, 'id' | 'rev' | 'status' | 'severity'>;

/** How these alerts stand, locked until the transaction ends, in the order in which alerts are locked. */
export async function lockAlerts(tx: Tx, ids: string[]): Promise<Map<string, Standing>> {
  if (ids.length === 0) return new Map();
  const { id, rev, status, severity } = alerts;
  const rows = await tx
    .select({ id, rev, status, severity })
    .from(alerts)
    .where(among(alerts.id, ids))
    .orderBy(alerts.ruleId, alerts.key)
    .for('update');
  return new Map(rows.map((alert) => [alert.id, alert]));
}

/** The clock went back by so much: what open alerts wait for comes when it would have, and none began in time to come. */
export async function setAlertsBack(tx: Tx, byMs: number, now: number): Promise<void> {
  const at = sql`${new Date(now).toISOString()}::timestamptz`;
  const by = sql`make_interval(secs => ${byMs / 1_000}::float8)`;
  await tx.execute(sql`
    update ${alerts} set due_at = case when due_at > ${at} then due_at - ${by} else due_at end,
      since = least(since, ${at}), acknowledged_at = case when acknowledged_at > ${at} then acknowledged_at - ${by} else acknowledged_at end
    where status <> 'resolved' and (due_at > ${at} or since > ${at} or acknowledged_at > ${at})`);
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

function chunks<T>(items: T[], size = 500): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
