// Mute and lift by buttons.
import { liftSilence } from '#operations/lift-silence.ts';
import { silenceAlerts } from '#operations/silence-alerts.ts';
import { findRule } from '#store/rules.ts';
import type { ButtonAction } from '../button.ts';
import { type ChatContext, whoOf } from '../context.ts';
import * as en from '../locales/en.ts';
import { muteScreen, muteWhatScreen, silencesScreen } from '../silence-screens.ts';

export const silences: ButtonAction = {
  action: 'silences',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await silencesScreen(ctx), 'here');
  },
};

/** Payload: none asks what, `rule <id>` or `topic <pattern>` asks how long, with milliseconds behind it mutes. */
export const mute: ButtonAction = {
  action: 'mute',
  async press(ctx, row) {
    const [is, what = '', ms] = (row.payload ?? '').split(' ');
    const name = is === 'rule' ? await ruleName(ctx, what) : what === '**' ? en.everything : what;
    if (row.payload === null || ms === undefined) {
      await ctx.toast();
      return void (await ctx.show(
        row.payload === null ? await muteWhatScreen(ctx) : muteScreen(`${is} ${what}`, name),
        'here',
      ));
    }
    const target = is === 'rule' ? { ruleId: what } : { ownerId: ctx.ownerId, topic: what };
    const done = await silenceAlerts(
      ctx.deps.world,
      whoOf(ctx).actor,
      { ...target, for: Number(ms) },
      ctx.now,
    );
    await ctx.toast(done.ok ? undefined : done.text);
    if (!done.ok) return;
    const rows = [[{ label: en.lift(1), action: 'lift', payload: done.silence.id }]];
    await ctx.show({ text: en.muted(name, done.silence.endsAt, ctx.zone, ctx.now), rows }, 'here');
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
    await ctx.toast(done.ok ? en.lifted : done.text);
    await ctx.show(await silencesScreen(ctx), 'here');
  },
};

async function ruleName(ctx: ChatContext, id: string): Promise<string> {
  return (await findRule(ctx.deps.world.database.db, id))?.name ?? en.ruleGone();
}
