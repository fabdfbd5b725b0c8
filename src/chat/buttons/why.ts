// Why: which rule, which event and value, what the gates decided, how it was delivered.
import { printCondition } from '#core/condition.ts';
import { may } from '#operations/may.ts';
import { findAlert, transitionsOf } from '#store/alerts.ts';
import { findRule } from '#store/rules.ts';
import { notificationsOf } from '#store/traces.ts';
import type { ButtonAction } from '../button.ts';
import { type ChatContext, whoOf } from '../context.ts';
import * as en from '../locales/en.ts';
import { doesOf } from '../rule-screens.ts';

export const why: ButtonAction = {
  action: 'why',
  async press(ctx, row) {
    const facts = await factsOf(ctx, row.alertId ?? '');
    if (typeof facts === 'string') return ctx.toast(facts);
    // In a group the short form is for the one who asked; the others are not interrupted.
    await ctx.toast(en.whyShort(facts), { alert: ctx.group !== undefined });
    if (ctx.group) return;
    const { ruleId } = facts.alert;
    const rows = facts.rule
      ? [
          [
            { label: en.thisRule, action: 'rule', payload: ruleId },
            { label: en.muteMore, action: 'mute', payload: `rule ${ruleId}` },
          ],
        ]
      : [];
    await ctx.show({ text: en.why(facts), rows });
  },
};

async function factsOf(ctx: ChatContext, alertId: string): Promise<en.WhyFacts | string> {
  const { db } = ctx.deps.world.database;
  const alert = await findAlert(db, alertId);
  if (!alert) return en.foreignButton;
  if (!may(whoOf(ctx).actor, 'act', alert.ownerId)) return en.notForYou;
  const rule = await findRule(db, alert.ruleId);
  const changes = await transitionsOf(db, alertId);
  const told = await notificationsOf(db, [{ alertId }]);
  return {
    alert,
    rule: rule && {
      name: rule.name,
      topic: rule.topic,
      match: rule.match.map(printCondition),
      does: doesOf(ctx, rule),
    },
    changes: changes.map(({ at, change, by, reading, seq }) => ({ at, change, by, text: reading.text, seq })),
    told: told.map((one) => {
      const sent = one.deliveries.find(({ outcome }) => outcome === 'sent');
      return {
        kind: one.kind,
        status: one.status,
        reason: one.reason,
        detail: one.detail,
        at: one.at,
        sentAt: sent ? (sent.endedAt ?? sent.startedAt) : null,
        where: one.receiver ?? 'a receiver that is gone',
        repeats: one.deliveries.length,
      };
    }),
    zone: ctx.zone,
    now: ctx.now,
  };
}
