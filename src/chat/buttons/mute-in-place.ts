// Mute the rule of an alert from its snooze menu: for how long, and the alert has its buttons again.
import type { InlineKeyboardMarkup } from 'grammy/types';
import { silenceAlerts } from '#operations/silence-alerts.ts';
import { findAlert } from '#store/find-alerts.ts';
import type { ButtonAction } from '../button.ts';
import { type ChatContext, whoOf } from '../context.ts';
import * as labels from '../locales/labels.ts';
import * as sayMuting from '../locales/muting.ts';
import * as refusals from '../locales/refusals.ts';
import { mutedName } from '../mute-then.ts';
import type { Choice } from '../screen.ts';
import { putBack, showButtons } from './in-place.ts';

const hour = 3_600_000;
const spans = [
  [hour, 4 * hour],
  [24 * hour, 7 * 24 * hour],
];

interface Chosen {
  /** Milliseconds; absent: asks. */
  for?: number;
  before?: InlineKeyboardMarkup;
}

/** `before`: the buttons of the alert. */
export const muteInPlace: ButtonAction = {
  action: 'mute-in-place',
  alone: true,
  async press(ctx, row) {
    const { world } = ctx.deps;
    const chosen = JSON.parse(row.payload ?? '{}') as Chosen;
    const alert = await findAlert(world.database.db, row.alertId ?? '');
    if (!alert) return ctx.toast(refusals.foreignButton);
    if (chosen.for === undefined) return ask(ctx, alert.id, chosen.before);
    const { ruleId } = alert;
    const done = await silenceAlerts(world, whoOf(ctx).actor, { ruleId, for: chosen.for }, ctx.now);
    const name = await mutedName(ctx, `rule ${ruleId}`);
    await ctx.toast(
      done.ok ? sayMuting.ruleMuted(name, done.silence.endsAt, ctx.settings.zone, ctx.now) : done.text,
    );
    await putBack(ctx, chosen.before);
  },
};

async function ask(ctx: ChatContext, alertId: string, before: Chosen['before']): Promise<void> {
  await ctx.toast();
  const choice = (ms: number): Choice => ({
    label: sayMuting.muteFor(ms),
    action: 'mute-in-place',
    alertId,
    payload: JSON.stringify({ for: ms, before }),
  });
  const back = JSON.stringify({ for: 'back', before });
  await showButtons(ctx, [
    ...spans.map((row) => row.map(choice)),
    [{ label: labels.back, action: 'snooze', alertId, payload: back }],
  ]);
}
