// Why, by buttons: of an alert, of a stretch of time; what is held back, and what was.
import { readPastSpan } from '#core/past-span.ts';
import type { ButtonAction } from '../button.ts';
import * as say from '../locales/why.ts';
import { presentAgain } from '../screen.ts';
import { alertFacts } from '../why-facts.ts';
import { heldScreen, historyScreen, whyAlertScreen, whyPeriodScreen } from '../why-screens.ts';

/** Under an alert: short as a toast, long as a message of its own. */
export const why: ButtonAction = {
  action: 'why',
  async press(ctx, row) {
    const facts = await alertFacts(ctx, row.alertId ?? '');
    if (typeof facts === 'string') return ctx.toast(facts);
    // In a group the short form is for the one who asked; the others are not interrupted.
    await ctx.toast(say.whyShort(facts), { alert: ctx.group !== undefined });
    if (ctx.group) return;
    await ctx.show(await whyAlertScreen(ctx, facts.alert.id));
  },
};

/** In a list: the long form, in a message of its own. */
export const whyAlert: ButtonAction = {
  action: 'why-alert',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await whyAlertScreen(ctx, row.alertId ?? ''));
  },
};

/** Payload: the span, and on a second line what was searched for. */
export const whySpan: ButtonAction = {
  action: 'why-span',
  async press(ctx, row) {
    const [said = '', search = ''] = (row.payload ?? '').split('\n');
    await ctx.toast();
    const span = readPastSpan(said, ctx.zone, (ctx.group ?? ctx.settings).quiet?.window, ctx.now);
    if (span) await ctx.show(await whyPeriodScreen(ctx, span, search), 'here');
  },
};

export const held: ButtonAction = {
  action: 'held',
  async press(ctx) {
    await presentAgain(ctx, await heldScreen(ctx));
  },
};

/** Payload: the page, and what is searched for. */
export const history: ButtonAction = {
  action: 'history',
  async press(ctx, row) {
    const [page = '0', ...search] = (row.payload ?? '').split(' ');
    await ctx.toast();
    await ctx.show(await historyScreen(ctx, search.join(' '), Number(page)), 'here');
  },
};
