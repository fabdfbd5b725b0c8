// What can be pressed about a broadcast: by those who read it, and by who made it.
import { broadcastTopic } from '#core/broadcast.ts';
import { confirmBroadcast } from '#operations/confirm-broadcast.ts';
import { continueBroadcast } from '#operations/continue-broadcast.ts';
import { optOut } from '#operations/opt-out.ts';
import { stopBroadcast } from '#operations/stop-broadcast.ts';
import { broadcastScreen, broadcastsScreen } from '../broadcast-screens.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import { beginBroadcast } from '../conversations/broadcast.ts';
import * as say from '../locales/broadcasts.ts';
import { presentAgain } from '../screen.ts';

/** Payload: the broadcast's id. In a group everybody may press it; the first counts for the group. */
export const broadcastSeen: ButtonAction = {
  action: 'broadcast-seen',
  async press(ctx, row) {
    const input = { broadcastId: row.payload ?? '', ownerId: ctx.ownerId };
    const done = await confirmBroadcast(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    if (!done.ok) return ctx.toast(done.text);
    await ctx.toast(ctx.group ? say.seenHere(done.seenBy) : say.noted);
    // Nothing is left to press but for others of a group.
    if (!ctx.group) await ctx.editMessageReplyMarkup().catch(() => {});
  },
};

/** Payload: the broadcast's id. */
export const broadcastOut: ButtonAction = {
  action: 'broadcast-out',
  async press(ctx, row) {
    const { world, channels } = ctx.deps;
    const { actor } = whoOf(ctx);
    const input = { ownerId: ctx.ownerId, topic: broadcastTopic, channel: '*', out: true };
    const done = await optOut(world, channels, actor, input, ctx.now);
    if (!done.ok) return ctx.toast(done.text);
    const seen = { broadcastId: row.payload ?? '', ownerId: ctx.ownerId };
    await confirmBroadcast(world, actor, seen, ctx.now);
    await ctx.toast(say.optedOut, { alert: true });
    await ctx.editMessageReplyMarkup().catch(() => {});
  },
};

/** Payload: the broadcast's id. */
export const broadcast: ButtonAction = {
  action: 'broadcast',
  async press(ctx, row) {
    await presentAgain(ctx, await broadcastScreen(ctx, row.payload ?? ''));
  },
};

export const broadcasts: ButtonAction = {
  action: 'broadcasts',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await broadcastsScreen(ctx), 'here');
  },
};

/** Payload: the broadcast's id. */
export const broadcastRest: ButtonAction = {
  action: 'broadcast-rest',
  async press(ctx, row) {
    const broadcastId = row.payload ?? '';
    const done = await continueBroadcast(ctx.deps.world, whoOf(ctx).actor, { broadcastId }, ctx.now);
    await ctx.toast(done.ok ? say.goesOn(done.changed) : done.text);
    await ctx.show(await broadcastScreen(ctx, broadcastId), 'here');
  },
};

/** Payload: the broadcast's id. */
export const broadcastStop: ButtonAction = {
  action: 'broadcast-stop',
  async press(ctx, row) {
    const broadcastId = row.payload ?? '';
    const done = await stopBroadcast(ctx.deps.world, whoOf(ctx).actor, { broadcastId }, ctx.now);
    await ctx.toast(done.ok ? say.stopped(done) : done.text);
    await ctx.show(await broadcastScreen(ctx, broadcastId), 'here');
  },
};

export const newBroadcast: ButtonAction = {
  action: 'new-broadcast',
  async press(ctx) {
    await ctx.toast();
    beginBroadcast(ctx, '', true);
  },
};
