// Acknowledge, release and resolve: one press, one operation, the truth as a toast. The message is edited by its worker.
import { GrammyError, HttpError } from 'grammy';
import type { Outcome } from '#core/outcome.ts';
import { acknowledgeAlert } from '#operations/acknowledge-alert.ts';
import { releaseAlert } from '#operations/release-alert.ts';
import { resolveAlert } from '#operations/resolve-alert.ts';
import { alertsScreen } from '../alert-screens.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import * as sayAlerts from '../locales/alerts.ts';

type Deed = typeof acknowledgeAlert;

function deed(action: string, run: Deed, done: string): ButtonAction {
  return {
    action,
    alone: true,
    async press(ctx, row) {
      const outcome: Outcome = await run(
        ctx.deps.world,
        whoOf(ctx).actor,
        { alertId: row.alertId ?? '', seen: ctx.seen },
        ctx.now,
      );
      await ctx.toast(outcome.ok ? done : outcome.text);
    },
  };
}

export const acknowledge = deed('acknowledge', acknowledgeAlert, sayAlerts.acknowledgedNow);
export const release = deed('release', releaseAlert, sayAlerts.releasedNow);
export const resolve = deed('resolve', resolveAlert, sayAlerts.resolvedNow);

/** Acknowledge in the list of /alerts, which is then shown anew. */
export const acknowledgeHere: ButtonAction = {
  action: 'acknowledge-here',
  async press(ctx, row) {
    await acknowledge.press(ctx, row);
    await ctx.show(await alertsScreen(ctx), 'here');
  },
};

/** Acknowledge in the summary after quiet hours: the summary stays as it was told, only the pressed button goes. */
export const acknowledgeLine: ButtonAction = {
  action: 'acknowledge-line',
  alone: true,
  async press(ctx, row) {
    await acknowledge.press(ctx, row);
    const keyboard = ctx.callbackQuery?.message?.reply_markup?.inline_keyboard ?? [];
    const inline_keyboard = keyboard
      .map((line) => line.filter((one) => !('callback_data' in one && one.callback_data === row.id)))
      .filter((line) => line.length > 0);
    try {
      await ctx.editMessageReplyMarkup({ reply_markup: { inline_keyboard } });
    } catch (error) {
      // Pressed twice, or deleted meanwhile: the alert is acknowledged all the same.
      if (!(error instanceof GrammyError) && !(error instanceof HttpError)) throw error;
    }
  },
};
