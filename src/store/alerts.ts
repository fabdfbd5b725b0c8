// The one door by which an alert changes: alert, transition, notifications and copies in one commit.
import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Alert, Change, Step } from '#core/alert.ts';
import type { Doorbell } from '#core/doorbell.ts';
import type { NotificationKind } from '#core/notification.ts';
import type { Reader, Tx } from './connection.ts';
import { alerts, copies, notifications, transitions } from './schema.ts';

/** A step of `core/alert.ts` and whom its rule tells. */
export interface AlertChange {
  step: Step;
  receivers: string[];
}

/** What a change means to those who are told; absent: only their messages are edited. */
const tells: Partial<Record<Change, NotificationKind>> = {
  fired: 'firing',
  told: 'notice',
  worse: 'worse',
  woke: 'reminder',
  resolved: 'over',
  withdrawn: 'over',
};

/**
 * Writes the steps, in order. An alert may appear several times; only its last form is kept, every transition is.
 * Returns the doorbells to ring once the transaction has committed.
 */
export async function commit(tx: Tx, changes: AlertChange[], now: number): Promise<Doorbell[]> {
  if (changes.length === 0) return [];
  const last = new Map(changes.map(({ step }) => [step.alert.id, step.alert]));
  for (const part of chunks([...last.values()])) await upsert(tx, part);
  const recorded = changes.filter(({ step }) => step.transition.change !== 'updated');
  for (const part of chunks(recorded))
    await tx.insert(transitions).values(part.map(({ step }) => step.transition));
  const stale = await markCopies(tx, last, new Set(recorded.map(({ step }) => step.alert.id)), now);
  const told = await addNotifications(tx, recorded, now);
  return [
    ...[...told].map((id): Doorbell => ({ job: 'notify', id })),
    ...[...stale].map((id): Doorbell => ({ job: 'deliver', id })),
  ];
}

async function upsert(tx: Tx, rows: Alert[]): Promise<void> {
  const set = Object.fromEntries(
    (
      [
        'title',
        'fields',
        'status',
        'severity',
        'reading',
        'firedAt',
        'acknowledgedAt',
        'acknowledgedBy',
        'resolvedAt',
        'snoozedUntil',
        'dueAt',
        'count',
        'rev',
      ] as const
    ).map((column) => [column, sql.raw(`excluded.${alerts[column].name}`)]),
  );
  await tx
    .insert(alerts)
    .values(rows)
    .onConflictDoUpdate({ target: alerts.id, set, setWhere: sql`${alerts.rev} < excluded.rev` });
}

async function markCopies(
  tx: Tx,
  last: Map<string, Alert>,
  hurried: Set<string>,
  now: number,
): Promise<Set<string>> {
  const stale = new Set<string>();
  for (const part of chunks([...last.values()].filter((alert) => alert.rev > 1))) {
    const rows = sql.join(
      part.map((alert) => sql`(${alert.id}, ${alert.rev}::int, ${hurried.has(alert.id)}::boolean)`),
      sql`, `,
    );
    const found = await tx.execute<{ channel: string; address: string }>(sql`
      update ${copies} c set wanted_rev = v.rev,
        edit_after = case when v.hurried then least(c.edit_after, ${new Date(now).toISOString()}::timestamptz) else c.edit_after end
      from (values ${rows}) as v(id, rev, hurried) where c.alert_id = v.id and c.wanted_rev < v.rev
      returning c.channel, c.address`);
    for (const { channel, address } of found) stale.add(`${channel}|${address}`);
  }
  return stale;
}

async function addNotifications(tx: Tx, changes: AlertChange[], now: number): Promise<Set<string>> {
  const ended = changes
    .filter(({ step }) => tells[step.transition.change] === 'over')
    .map(({ step }) => step.alert.id);
  const heard = new Map<string, string[]>();
  for (const part of chunks(ended)) {
    const rows = await tx
      .select({ alertId: copies.alertId, receiverId: copies.receiverId })
      .from(copies)
      .where(inArray(copies.alertId, part));
    for (const row of rows) heard.set(row.alertId, [...(heard.get(row.alertId) ?? []), row.receiverId]);
  }
  const wanted = changes.flatMap(({ step: { alert, transition }, receivers }) => {
    const kind = tells[transition.change];
    if (!kind) return [];
    // Whoever heard “broke” hears “over”, also when the rule no longer names them.
    const audience = new Set(kind === 'over' ? [...receivers, ...(heard.get(alert.id) ?? [])] : receivers);
    return [...audience].map((receiverId) => ({
      kind,
      receiverId,
      alertId: alert.id,
      alertRev: transition.rev,
      severity: alert.severity,
      status: 'pending' as const,
      createdAt: now,
    }));
  });
  for (const part of chunks(wanted)) await tx.insert(notifications).values(part).onConflictDoNothing();
  return new Set(wanted.map(({ receiverId }) => receiverId));
}

/** One alert, locked until the transaction ends when `lock` is asked for. */
export async function findAlert(db: Reader, id: string, lock = false): Promise<Alert | undefined> {
  const query = db.select().from(alerts).where(eq(alerts.id, id));
  const [row] = await (lock ? query.for('update') : query);
  return row;
}

/** The open alerts of these rules and keys, locked, always in the same order. */
export async function lockOpenAlerts(tx: Tx, wanted: { ruleId: string; key: string }[]): Promise<Alert[]> {
  const found: Alert[] = [];
  for (const part of chunks(wanted)) {
    const pairs = sql.join(
      part.map(({ ruleId, key }) => sql`(${ruleId}, ${key})`),
      sql`, `,
    );
    const rows = await tx
      .select()
      .from(alerts)
      .where(and(ne(alerts.status, 'resolved'), sql`(${alerts.ruleId}, ${alerts.key}) in (${pairs})`))
      .orderBy(alerts.ruleId, alerts.key)
      .for('update');
    found.push(...rows);
  }
  return found;
}

/** What burns or waits for these owners (all when undefined), worst and oldest first; at most `limit`. */
export async function openAlertsOf(
  db: Reader,
  ownerIds: string[] | undefined,
  limit = 200,
): Promise<Alert[]> {
  const rows = await db
    .select()
    .from(alerts)
    .where(
      and(
        inArray(alerts.status, ['firing', 'acknowledged']),
        ownerIds ? inArray(alerts.ownerId, ownerIds) : undefined,
      ),
    )
    .orderBy(
      sql`array_position(array['critical','warning','info'], ${alerts.severity})`,
      alerts.since,
      alerts.id,
    )
    .limit(limit);
  return rows;
}

/** The open alerts of one rule, locked; for withdrawing them with the rule. */
export async function lockAlertsOfRule(tx: Tx, ruleId: string): Promise<Alert[]> {
  return tx
    .select()
    .from(alerts)
    .where(and(eq(alerts.ruleId, ruleId), ne(alerts.status, 'resolved')))
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
        ne(alerts.status, 'resolved'),
      ),
    )
    .orderBy(alerts.ruleId, alerts.key)
    .limit(limit)
    .for('update', { skipLocked: true });
}

/** Every recorded change of one alert, oldest first. */
export async function transitionsOf(db: Reader, alertId: string) {
  return db.select().from(transitions).where(eq(transitions.alertId, alertId)).orderBy(transitions.rev);
}

function chunks<T>(items: T[], size = 500): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
