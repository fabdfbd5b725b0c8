// Mute and lift by buttons.
import { liftSilence } from '#operations/lift-silence.ts';
import { silencesKept } from '#store/silences.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import { liftThese } from '../lift-all.ts';
import * as sayMuting from '../locales/muting.ts';
import * as refusals from '../locales/refusals.ts';
import { mutedName, muteThen } from '../mute-then.ts';
import { later, readWeekly, weekly } from '../planned-mute.ts';
import { muteScreen, muteWhatScreen, muteWhenScreen, silencesScreen } from '../silence-screens.ts';
import { asks } from './asks.ts';

export const silences: ButtonAction = {
  action: 'silences',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await silencesScreen(ctx), 'here');
  },
};

/**
 * Payload: none asks what, `rule <id>` or `topic <pattern>` asks how long, with milliseconds behind it mutes; with `later`
 * or `weekly` asks when, and with a number behind that mutes then, or with `type` lets it be typed.
 */
export const mute: ButtonAction = {
  action: 'mute',
  async press(ctx, row) {
    const [is, what = '', ms, which] = (row.payload ?? '').split(' ');
    const name = await mutedName(ctx, `${is} ${what}`);
    if (row.payload === null || ms === undefined) {
      await ctx.toast();
      return void (await ctx.show(
        row.payload === null ? await muteWhatScreen(ctx) : muteScreen(`${is} ${what}`, name),
        'here',
      ));
    }
    if (ms === 'later' || ms === 'weekly') {
      await ctx.toast();
      if (which === 'type') return asks(ctx, ms === 'later' ? 'mute-later' : 'mute-weekly', `${is} ${what}`);
      const times =
        ms === 'later'
          ? later[Number(which)]?.[1](ctx.zone, ctx.now)
          : which && readWeekly(weekly[Number(which)]?.[1] ?? '', ctx.zone);
      const screen = times
        ? await muteThen(ctx, `${is} ${what}`, times)
        : muteWhenScreen(`${is} ${what}`, name, ms);
      return void (await ctx.show(
        typeof screen === 'string' ? { text: refusals.refused(screen) } : screen,
        'here',
      ));
    }
    const done = await muteThen(ctx, `${is} ${what}`, { for: Number(ms) });
    await ctx.toast(typeof done === 'string' ? done : undefined);
    if (typeof done !== 'string') await ctx.show(done, 'here');
  },
};

export const lift: ButtonAction = {
  action: 'lift',
  async press(ctx, row) {
    const done = await liftSilence(
      ctx.deps.world,
      whoOf(ctx).actor,
      { silenceId: row.payload ?? '' },
      ctx.now,
    );
    await ctx.toast(done.ok ? sayMuting.lifted : done.text);
    await ctx.show(await silencesScreen(ctx), 'here');
  },
};

/** Payload: the silences that were shown, so that none made since goes with them. */
export const liftAll: ButtonAction = {
  action: 'lift-all',
  async press(ctx, row) {
    const shown = (row.payload ?? '').split(' ');
    const all = await silencesKept(ctx.deps.world.database.db, [ctx.ownerId], ctx.now);
    await ctx.toast();
    await ctx.show(
      await liftThese(
        ctx,
        all.filter(({ id }) => shown.includes(id)),
      ),
      'here',
    );
  },
};
