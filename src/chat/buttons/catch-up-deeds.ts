// Working through what was missed: another span or page, one alert, or the whole pile at once.
import { acknowledgeAlert } from '#operations/acknowledge-alert.ts';
import { acknowledgeMany } from '#operations/acknowledge-many.ts';
import type { ButtonAction } from '../button.ts';
import { catchUpScreen, lookingOf, sinceOf } from '../catch-up-screens.ts';
import { whoOf } from '../context.ts';
import * as sayAlerts from '../locales/alerts.ts';

/** Payload: since when, the page, and 1 for only what is critical; none: since they were last here. */
export const catchUp: ButtonAction = {
  action: 'catchup',
  async press(ctx, row) {
    await ctx.toast();
    const looking = lookingOf(row.payload) ?? { since: (await sinceOf(ctx, ''))! };
    await ctx.show(await catchUpScreen(ctx, looking), 'here');
  },
};

export const catchUpAcknowledge: ButtonAction = {
  action: 'catchup-acknowledge',
  async press(ctx, row) {
    const input = { alertId: row.alertId ?? '' };
    const done = await acknowledgeAlert(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? sayAlerts.acknowledgedNow : done.text);
    const looking = lookingOf(row.payload);
    if (looking) await ctx.show(await catchUpScreen(ctx, looking), 'here');
  },
};

/** Payload: when the pile was shown, and what was looked at. What came later is not on it. */
export const catchUpPile: ButtonAction = {
  action: 'catchup-pile',
  async press(ctx, row) {
    const [before, ...rest] = (row.payload ?? '').split(' ');
    const input = { ownerId: ctx.ownerId, before: Number(before) };
    const done = await acknowledgeMany(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? sayAlerts.acknowledgedMany(done.count) : done.text);
    const looking = lookingOf(rest.join(' '));
    if (looking) await ctx.show(await catchUpScreen(ctx, looking), 'here');
  },
};
