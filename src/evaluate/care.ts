// Follows up alerts that nobody takes care of: reminds, takes an acknowledgement back, tells the next.
import type { Alert } from '#core/alert.ts';
import { stepAlert } from '#core/alert-life.ts';
import {
  type Care,
  type Cared,
  type Deed,
  type Next,
  nextCare,
  nextWithNobody,
  toldNextSince,
} from '#core/care.ts';
import type { Doorbell } from '#core/doorbell.ts';
import type { AlertChange } from '#store/alert-change.ts';
import { commit } from '#store/alerts.ts';
import { careOf, dropCares, dueCares, saveCare } from '#store/cares.ts';
import type { Tx } from '#store/connection.ts';
import { findAlert } from '#store/find-alerts.ts';
import { audienceOf, hearersOf } from '#store/hearers.ts';
import { settingsOf } from '#store/people.ts';
import { type Evaluation, transact } from './evaluation.ts';

const page = 200;

/** Everything whose time has come by `now`. */
export async function passCare(evaluation: Evaluation, now: number): Promise<void> {
  for (let more = true; more; ) {
    const due = await evaluation.world.database.db.transaction((tx) => dueCares(tx, page, now));
    // One alert a transaction: several locked at once in another order than the evaluator's would be a deadlock.
    for (const { alertId } of due)
      evaluation.world.ring(await transact(evaluation, (tx) => follow(tx, evaluation, alertId, now)));
    more = due.length === page && !evaluation.world.ending?.aborted;
  }
}

async function follow(tx: Tx, { world }: Evaluation, alertId: string, now: number): Promise<Doorbell[]> {
  const alert = await findAlert(tx, alertId, true);
  const row = await careOf(tx, alertId);
  if (!row) return [];
  const care = alert && (await settingsOf(tx, alert.ownerId, world.defaultZone)).care;
  const { since, reminded, escalated } = row;
  const before: Cared = { since, reminded, escalated };
  const first = care ? nextCare(alert, care, before) : undefined;
  if (!alert || !care || !first) {
    await dropCares(tx, [alertId]);
    return [];
  }
  const { next, change } = await possible(tx, alert, care, before, first, now);
  if (next.at > now) {
    await saveCare(tx, alertId, before, next.at);
    return [];
  }
  const cared = after(next.deed, before, care, now);
  const rings = change ? await commit(tx, [change], now) : [];
  const current = change?.step.alert ?? alert;
  // An expiry began it anew already; otherwise what was done counts, and what was missed is not made up for.
  const again = next.deed.is === 'expire' ? undefined : nextCare(current, care, cared);
  if (again) await saveCare(tx, alertId, cared, Math.max(again.at, now + 1000));
  else if (next.deed.is !== 'expire') await dropCares(tx, [alertId]);
  return rings;
}

function after(deed: Deed, cared: Cared, { remind }: Care, now: number): Cared {
  // One reminder stands for those whose time passed while nobody could remind.
  const passed = remind ? Math.floor((now - cared.since) / remind.everyMs) : 0;
  if (deed.is === 'remind') return { ...cared, reminded: Math.max(cared.reminded + 1, passed) };
  return deed.is === 'escalate' ? { ...cared, escalated: deed.level + 1 } : cared;
}

/** What is next, with its change if its time has come: a reminder of which nobody would hear is not it. */
async function possible(
  tx: Tx,
  alert: Alert,
  care: Care,
  cared: Cared,
  first: Next,
  now: number,
): Promise<{ next: Next; change?: AlertChange | undefined }> {
  if (first.at > now) return { next: first };
  const change = await changeBy(tx, alert, care, first.deed, now);
  if (first.deed.is !== 'remind' || change?.receivers.length !== 0) return { next: first, change };
  const next = nextWithNobody(alert, care, cared, now);
  return next.at > now ? { next } : { next, change: await changeBy(tx, alert, care, next.deed, now) };
}

async function changeBy(
  tx: Tx,
  alert: Alert,
  care: Care,
  deed: Deed,
  now: number,
): Promise<AlertChange | undefined> {
  if (deed.is === 'escalate') {
    const { receivers, said } = await audienceOf(tx, care.escalate?.[deed.level]?.to ?? []);
    const step = stepAlert(alert, { is: 'escalate', to: said }, now);
    return step && { step, receivers };
  }
  const step = stepAlert(alert, { is: deed.is }, now);
  const since = deed.is === 'remind' && care.remind ? toldNextSince(care.remind, now) : undefined;
  return step && { step, receivers: await hearersOf(tx, alert.id, since) };
}
