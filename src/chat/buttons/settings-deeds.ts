// Clock, morning and quiet hours by buttons.
import type { Severity } from '#core/severity.ts';
import { setMorning } from '#operations/set-morning.ts';
import { setQuietHours } from '#operations/set-quiet-hours.ts';
import { setZone } from '#operations/set-zone.ts';
import { settingsOf } from '#store/people.ts';
import type { ButtonAction } from '../button.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { html } from '../html.ts';
import { morningScreen, quietScreen, settingsScreen } from '../settings-screens.ts';
import { here } from './asks.ts';

export const settings: ButtonAction = {
  action: 'settings',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await settingsScreen(ctx), 'here');
  },
};

/** “That’s right”: keeps the zone and goes on to the first rule in the same message. */
export const zoneRight: ButtonAction = {
  action: 'zone-right',
  async press(ctx, row) {
    const { person, actor } = whoOf(ctx);
    const done = await setZone(
      ctx.deps.world,
      actor,
      { ownerId: person.id, zone: row.payload ?? '' },
      ctx.now,
    );
    await ctx.toast(done.ok ? undefined : done.text);
    if (done.ok) openFirstRule(ctx);
  },
};

export const firstRule: ButtonAction = {
  action: 'first-rule',
  async press(ctx) {
    await ctx.toast();
    openFirstRule(ctx);
  },
};

/** Payload `first`: goes on to the first rule afterwards. */
export const place: ButtonAction = {
  action: 'place',
  async press(ctx, row) {
    await ctx.toast();
    ctx.opens = { dialogue: 'place', seed: { first: row.payload === 'first' }, ...here(ctx) };
  },
};

/** Payload: minutes since midnight; none: asks. */
export const morning: ButtonAction = {
  action: 'morning',
  async press(ctx, row) {
    const { actor } = whoOf(ctx);
    if (row.payload === null) {
      const { morning: before } = ctx.group ?? ctx.settings;
      await ctx.toast();
      return void (await ctx.show(morningScreen(before), 'here'));
    }
    const input = { ownerId: ctx.ownerId, morning: Number(row.payload) };
    const done = await setMorning(ctx.deps.world, actor, input, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    await ctx.show(await settingsScreen(ctx), 'here');
  },
};

/** Payload: `1320 420`, `break critical|warning|none`, `off`; none: asks. */
export const quiet: ButtonAction = {
  action: 'quiet',
  async press(ctx, row) {
    const { world } = ctx.deps;
    const before = (await settingsOf(world.database.db, ctx.ownerId, world.defaultZone)).quiet;
    if (row.payload === null) {
      await ctx.toast();
      return void (await ctx.show(quietScreen(before), 'here'));
    }
    const [first = '', second = ''] = row.payload.split(' ');
    const breaks = second === 'none' ? null : (second as Severity);
    const wanted =
      first === 'off'
        ? null
        : first === 'break'
          ? before && { ...before, breakthrough: breaks }
          : {
              window: { from: Number(first), to: Number(second) },
              breakthrough: before ? before.breakthrough : ('critical' as const),
            };
    const done = await setQuietHours(
      world,
      whoOf(ctx).actor,
      { ownerId: ctx.ownerId, quiet: wanted },
      ctx.now,
    );
    await ctx.toast(done.ok ? undefined : done.text);
    await ctx.show(done.ok ? quietScreen(done.settings.quiet) : { text: html`${done.text}` }, 'here');
  },
};

function openFirstRule(ctx: ChatContext): void {
  ctx.opens = { dialogue: 'subscribe', seed: {}, ...here(ctx) };
}
