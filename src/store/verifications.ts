// Alerts that wait for the answer of a target before they are told: asked, answered, and what there is to judge by.
import { eq, inArray, type SQL, sql } from 'drizzle-orm';
import { at } from './at.ts';
import type { Reader, Tx } from './connection.ts';
import { alerts } from './schema/alerts.ts';
import { rules } from './schema/rules.ts';
import { targets, verifications } from './schema/targets.ts';

export interface Asked {
  alertId: string;
  target: string;
  until: number;
}

/** Remembers that the targets are asked because of these alerts, perhaps once more, and makes them due. */
export async function askTargets(tx: Tx, asked: Asked[], now: number): Promise<void> {
  if (asked.length === 0) return;
  await tx
    .insert(verifications)
    .values(asked.map((one) => ({ ...one, askedAt: now })))
    .onConflictDoUpdate({
      target: verifications.alertId,
      set: { askedAt: sql`excluded.asked_at`, until: sql`excluded.until` },
    });
  await hurry(tx, now);
}

/** Makes due, once nobody asks them any more, the targets that have not been asked since somebody waits for it. */
export async function hurry(tx: Tx, now: number): Promise<boolean> {
  const moment = at(now);
  const hurried = await tx.execute(sql`
    update ${targets} t set next_at = ${moment} from ${verifications} v
    where v.target = t.name and not t.paused and t.next_at > ${moment}
      and (t.last_at is null or t.last_at < v.asked_at) and (t.lease_until is null or t.lease_until <= ${moment})
    returning 1`);
  return hurried.length > 0;
}

/** Selects something where there is something to judge, or a target to hurry. */
export function verdictsToHear(now: number): SQL {
  const moment = at(now);
  return sql`
    select 1 from ${verifications} v join ${alerts} a on a.id = v.alert_id left join ${rules} r on r.id = a.rule_id
      left join ${targets} t on t.name = v.target
    where a.status <> 'pending' or not coalesce(r.options ? 'verify', false) or v.until <= ${moment} or t.id is null or t.paused
      or (t.last_at >= v.asked_at and (not v.answered or not t.up))
      or (t.next_at > ${moment} and (t.last_at is null or t.last_at < v.asked_at)
        and (t.lease_until is null or t.lease_until <= ${moment}))`;
}

/** One waiting alert, and how its target is now. */
export interface Waiting extends Asked {
  ruleId: string;
  key: string;
  status: string;
  title: string;
  subject: string;
  askedAt: number;
  answered: boolean;
  /** Undefined: there is none of that name. */
  found: { paused: boolean; up: boolean | null; lastAt: number | null; error: string | null } | undefined;
}

/** All that wait, in the order in which their alerts are locked. Nothing is locked. */
export async function waitingVerdicts(db: Reader, ownerIds?: string[]): Promise<Waiting[]> {
  const rows = await db
    .select({
      alertId: verifications.alertId,
      target: verifications.target,
      until: verifications.until,
      askedAt: verifications.askedAt,
      answered: verifications.answered,
      ruleId: alerts.ruleId,
      key: alerts.key,
      status: alerts.status,
      title: alerts.title,
      subject: alerts.subject,
      paused: targets.paused,
      up: targets.up,
      lastAt: targets.lastAt,
      error: targets.error,
    })
    .from(verifications)
    .innerJoin(alerts, eq(alerts.id, verifications.alertId))
    .leftJoin(targets, eq(targets.name, verifications.target))
    .where(ownerIds ? inArray(alerts.ownerId, ownerIds) : undefined)
    .orderBy(alerts.ruleId, alerts.key);
  return rows.map(({ paused, up, lastAt, error, ...row }) => ({
    ...row,
    found: paused === null ? undefined : { paused, up, lastAt, error },
  }));
}

/** What is known from now on: the targets answered, and that is believed for a time. */
export async function markAnswered(tx: Tx, answered: Asked[]): Promise<void> {
  for (const { alertId, until } of answered)
    await tx.update(verifications).set({ answered: true, until }).where(eq(verifications.alertId, alertId));
}

/** These wait no more. */
export async function endVerifications(tx: Tx, alertIds: string[]): Promise<void> {
  if (alertIds.length > 0) await tx.delete(verifications).where(inArray(verifications.alertId, alertIds));
}
