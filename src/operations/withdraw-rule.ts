// Takes a rule's open alerts back: when it is paused, deleted or asks for something else now.
import { type Actor, actorName } from '#core/actor.ts';
import { stepAlert } from '#core/alert-life.ts';
import type { Doorbell } from '#core/doorbell.ts';
import type { Rule } from '#core/rule.ts';
import { commit } from '#store/alerts.ts';
import type { Tx } from '#store/connection.ts';
import { lockAlertsOfRule } from '#store/find-alerts.ts';
import { holdName } from '#store/locks.ts';
import { findRule } from '#store/rules.ts';

/** The rule, which nobody else changes until the transaction ends. */
export async function holdRule(tx: Tx, id: string): Promise<Rule | undefined> {
  await holdName(tx, id);
  return findRule(tx, id);
}

/**
 * Ends every open alert of the rule; whoever heard of one is told that it ended and why. Call it after the rule was
 * saved or removed: from then on no evaluation opens a new one.
 */
export async function withdrawAlerts(tx: Tx, rule: Rule, why: string, now: number): Promise<Doorbell[]> {
  const steps = (await lockAlertsOfRule(tx, rule.id)).flatMap(
    (alert) => stepAlert(alert, { is: 'withdraw', why }, now) ?? [],
  );
  return commit(
    tx,
    steps.map((step) => ({ step, receivers: rule.to, rule })),
    now,
  );
}

/** “the rule was paused by Ana”: for the closing message. */
export function because(what: string, actor: Actor): string {
  return `the rule was ${what} by ${actorName(actor)}`;
}
