// Actions outside: pressed under the alert, confirmed by the same person, and looked at.
import { confirmAction } from '#operations/confirm-action.ts';
import { pressAction } from '#operations/press-action.ts';
import { actScreen, askScreen } from '../act-screens.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import * as say from '../locales/acts.ts';
import { presentAgain } from '../screen.ts';

/** Payload: the action's id; the alert stands in the row. */
export const act: ButtonAction = {
  action: 'act',
  async press(ctx, row) {
    const input = {
      actionId: row.payload ?? '',
      alertId: row.alertId ?? '',
      chatId: row.chatId,
      pressId: ctx.callbackQuery!.id,
    };
    const { world, actions } = ctx.deps;
    const done = await pressAction(world, actions, whoOf(ctx).actor, input, ctx.now);
    if (!done.ok) return ctx.toast(done.text, { alert: true });
    if (done.act.status !== 'asked') return ctx.toast(say.onItsWay);
    await ctx.toast();
    await ctx.show(await askScreen(ctx, done));
  },
};

function answered(action: string, yes: boolean, toast: string): ButtonAction {
  return {
    action,
    async press(ctx, row) {
      const actId = row.payload ?? '';
      const input = { actId, chatId: row.chatId, yes };
      const done = await confirmAction(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
      await ctx.toast(done.ok ? toast : done.text, { alert: !done.ok });
      // Somebody else's press changes nothing, and the question stays.
      if (done.ok || done.code === 'conflict') await ctx.show(await actScreen(ctx, actId), 'here');
    },
  };
}

/** Payload: the act's id. */
export const actYes = answered('act-yes', true, say.onItsWay);
export const actNo = answered('act-no', false, say.nothingDone);

/** Payload: the act's id. */
export const actLook: ButtonAction = {
  action: 'act-look',
  async press(ctx, row) {
    await presentAgain(ctx, await actScreen(ctx, row.payload ?? ''));
  },
};
