// Ends what a rule asks about no longer, because a list of its owner is another one now.
import type { Alert } from '#core/alert.ts';
import { stepAlert } from '#core/alert-life.ts';
import type { Doorbell } from '#core/doorbell.ts';
import type { NewEvent } from '#core/event.ts';
import { ruleAsks } from '#core/rule.ts';
import { commit } from '#store/alerts.ts';
import type { Tx } from '#store/connection.ts';
import { lockAlertsOfRule } from '#store/find-alerts.ts';
import { dropKeys, keysWaiting } from '#store/rule-states.ts';
import type { Grounded } from '#store/rules.ts';

/**
 * Ends the open alerts whose last event the rules asked about before and do not any more: no later event would. Those that
 * time ends by itself are left to it. Whoever heard of one is told why.
 */
export async function endUnasked(tx: Tx, rules: Grounded[], why: string, now: number): Promise<Doorbell[]> {
  const rings: Doorbell[] = [];
  for (const { before, after } of rules) {
    const open = (await lockAlertsOfRule(tx, before.id)).filter((alert) => {
      const last = lastEvent(alert);
      return ruleAsks(before, last) && !ruleAsks(after, last);
    });
    if (open.length === 0) continue;
    // With time bands the end of a band is waited for, which ends nothing.
    const waiting = new Set(after.bands ? [] : await keysWaiting(tx, before.id));
    const ends = open.filter(({ key }) => !waiting.has(key));
    const steps = ends.flatMap((alert) => stepAlert(alert, { is: 'withdraw', why }, now) ?? []);
    await dropKeys(
      tx,
      before.id,
      ends.map(({ key }) => key),
    );
    rings.push(
      ...(await commit(
        tx,
        steps.map((step) => ({ step, receivers: after.to, rule: after })),
        now,
      )),
    );
  }
  return rings;
}

// As far as the alert tells it; what it does not tell decides nothing, since the rule asked about it before.
function lastEvent({ labels, fields, topic, subject }: Alert): NewEvent {
  const said = { ...fields, ...labels };
  return { source: labels.source ?? '', type: topic, subject, labels: said, data: said };
}
