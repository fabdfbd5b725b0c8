// Snooze opens in place: the buttons of the alert become times, or a mute of its rule, and Back brings them back.
import type { InlineKeyboardMarkup } from 'grammy/types';
import { nextAt } from '#core/hours.ts';
import { alertTruth } from '#operations/alert-truth.ts';
import { snoozeAlert } from '#operations/snooze-alert.ts';
import { findAlert } from '#store/find-alerts.ts';
import type { ButtonAction } from '../button.ts';
import { type ChatContext, whoOf } from '../context.ts';
import * as sayAlerts from '../locales/alerts.ts';
import * as labels from '../locales/labels.ts';
import * as sayMuting from '../locales/muting.ts';
import * as refusals from '../locales/refusals.ts';
import type { Choice } from '../screen.ts';
import { putBack, showButtons } from './in-place.ts';

const spans: Record<string, number> = { '15m': 900_000, '1h': 3_600_000 };

/** Without a payload: opens. With one: `{"for": "15m" | "1h" | "morning" | "change" | "back", "before": keyboard}`. */
export const snooze: ButtonAction = {
  action: 'snooze',
  alone: true,
  async press(ctx, row) {
    const chosen = row.payload === null || row.payload === '' ? undefined : readPayload(row.payload);
    if (!chosen) return open(ctx, row.alertId ?? '', row.rev);
    if (chosen.for === 'back') {
      await ctx.toast();
      return putBack(ctx, chosen.before);
    }
    const { world } = ctx.deps;
    const alertId = row.alertId ?? '';
    const done = await snoozeAlert(world, whoOf(ctx).actor, { alertId, ...lasting(chosen.for) }, ctx.now);
    const until = done.ok ? done.alert.snoozedUntil : null;
    await ctx.toast(
      done.ok ? sayAlerts.snoozedUntil(until ?? ctx.now, ctx.settings.zone, ctx.now) : done.text,
    );
    // Done: the worker edits the whole message. Refused: nobody else would take the menu away.
    if (!done.ok) await putBack(ctx, chosen.before);
  },
};

function lasting(chosen: string): { for: number } | { until: 'morning' | 'change' } {
  const span = spans[chosen];
  return span === undefined ? { until: chosen === 'change' ? 'change' : 'morning' } : { for: span };
}

async function open(ctx: ChatContext, alertId: string, rev: number | null): Promise<void> {
  const alert = await findAlert(ctx.deps.world.database.db, alertId);
  if (!alert || alert.status === 'resolved')
    return ctx.toast(alert ? alertTruth(alert, ctx.settings.zone, ctx.now) : refusals.foreignButton);
  await ctx.toast();
  const message = ctx.callbackQuery?.message;
  const before = message && 'reply_markup' in message ? message.reply_markup : undefined;
  const { zone, morning } = ctx.settings;
  const choice = (label: string, what: string): Choice => ({
    label,
    action: 'snooze',
    alertId,
    ...(rev === null ? {} : { rev }),
    payload: JSON.stringify({ for: what, before }),
  });
  const payload = JSON.stringify({ before });
  const mute: Choice = { label: sayMuting.muteThisRule, action: 'mute-in-place', alertId, payload };
  await showButtons(ctx, [
    [choice(labels.span(spans['15m']!), '15m'), choice(labels.span(spans['1h']!), '1h')],
    [
      choice(sayAlerts.untilMorning(nextAt(morning, zone, ctx.now), zone, ctx.now), 'morning'),
      choice(sayAlerts.untilChange, 'change'),
    ],
    [mute, choice(labels.back, 'back')],
  ]);
}

function readPayload(text: string): { for: string; before?: InlineKeyboardMarkup } | undefined {
  try {
    return JSON.parse(text) as { for: string; before?: InlineKeyboardMarkup };
  } catch {
    return { for: text };
  }
}
