// Follows up alerts that nobody takes care of: reminds, takes an acknowledgement back, tells the next.
import type { Alert } from '#core/alert.ts';
import { stepAlert } from '#core/alert-life.ts';
import {
  afterDeed,
  type Care,
  type Cared,
  type Deed,
  firstHeard,
  type Hearer,
  nextCare,
  toRemind,
} from '#core/care.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { sayError } from '#core/say-error.ts';
import type { AlertChange } from '#store/alert-change.ts';
import { commit } from '#store/alerts.ts';
import { type CareRow, careOf, dropCares, dueCares, saveCare } from '#store/cares.ts';
import type { Tx } from '#store/connection.ts';
import { findAlert } from '#store/find-alerts.ts';
import { audienceOf, hearersOf } from '#store/hearers.ts';
import { settingsOf } from '#store/people.ts';
import { type Evaluation, isEventsFault, transact } from './evaluation.ts';

const page = 200;

/** Everything whose time has come by `now`. */
export async function passCare(evaluation: Evaluation, now: number): Promise<void> {
  const { world } = evaluation;
  let after: CareRow | undefined;
  do {
    const due = await dueCares(world.database.db, after, page, now);
    // One alert a transaction: several locked at once in another order than the evaluator's would be a deadlock.
    for (const { alertId } of due) {
      try {
        world.ring(await transact(evaluation, (tx) => follow(tx, evaluation, alertId, now)));
      } catch (error) {
        if (!isEventsFault(error)) throw error;
        // Passed over, and tried again the next time.
        world.meter.count('tocsin_timer_failures_total');
        world.log.error({ alert: alertId, error: sayError(error) }, 'an alert could not be followed up');
      }
    }
    after = due.length === page ? due.at(-1) : undefined;
  } while (after && !world.ending?.aborted);
}

async function follow(tx: Tx, { world }: Evaluation, alertId: string, now: number): Promise<Doorbell[]> {
  const alert = await findAlert(tx, alertId, true);
  const row = await careOf(tx, alertId);
  if (!row) return [];
  const care = alert && (await settingsOf(tx, alert.ownerId, world.defaultZone)).care;
  const hearers = await hearersOf(tx, alertId);
  const { since, reminded, escalated } = row;
  const before: Cared = { since, heard: firstHeard(hearers), reminded, escalated };
  const next = alert && care ? nextCare(alert, care, before, now) : undefined;
  if (!alert || !care || !next) {
    await dropCares(tx, [alertId]);
    return [];
  }
  if (next.at > now) {
    await saveCare(tx, alertId, before, next.at);
    return [];
  }
  const cared = afterDeed(next.deed, care, before, now);
  const change = await changeBy(tx, alert, care, next.deed, hearers, now);
  const rings = change ? await commit(tx, [change], now) : [];
  const current = change?.step.alert ?? alert;
  // An expiry began it anew already; otherwise what was done counts, and what was missed is not made up for.
  const again = next.deed.is === 'expire' ? undefined : nextCare(current, care, cared, now);
  if (again) await saveCare(tx, alertId, cared, Math.max(again.at, now + 1000));
  else if (next.deed.is !== 'expire') await dropCares(tx, [alertId]);
  return rings;
}

async function changeBy(
  tx: Tx,
  alert: Alert,
  care: Care,
  deed: Deed,
  hearers: Hearer[],
  now: number,
): Promise<AlertChange | undefined> {
  if (deed.is === 'escalate') {
    const { receivers, said } = await audienceOf(tx, care.escalate?.[deed.level]?.to ?? []);
    const step = stepAlert(alert, { is: 'escalate', to: said }, now);
    return step && { step, receivers };
  }
  const step = stepAlert(alert, { is: deed.is }, now);
  const receivers =
    deed.is === 'remind' && care.remind
      ? toRemind(hearers, care.remind, now)
      : hearers.map(({ receiverId }) => receiverId);
  return step && { step, receivers };
}
