// Keys for what pushes by itself, and what its fields mean, by buttons.
import { createKey } from '#operations/create-key.ts';
import { revokeKey } from '#operations/revoke-key.ts';
import { rotateKey } from '#operations/rotate-key.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import { lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as say from '../locales/pushing.ts';
import * as refusals from '../locales/refusals.ts';
import { pusherOf, pusherScreen, pushersScreen } from '../pushing-screens.ts';
import { copying } from '../screen.ts';
import { copies, secretly } from '../secretly.ts';
import { asks, here } from './asks.ts';

export const pushers: ButtonAction = {
  action: 'pushers',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await pushersScreen(ctx), 'here');
  },
};

/** Payload: the source's id. */
export const pusher: ButtonAction = {
  action: 'pusher',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await pusherScreen(ctx, row.payload ?? ''), 'here');
  },
};

export const addPusher: ButtonAction = {
  action: 'pusher-add',
  async press(ctx) {
    await ctx.toast();
    asks(ctx, 'pusher', '');
  },
};

/** Payload: the source's id. */
export const addKey: ButtonAction = {
  action: 'key-add',
  async press(ctx, row) {
    const source = await pusherOf(ctx, { source: row.payload ?? '' });
    if (!source) return ctx.toast(refusals.oldButton);
    const done = await createKey(ctx.deps.world, whoOf(ctx).actor, { source: source.name }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    if (!done.ok) return;
    const secret = await secretly(ctx, source.name, say.keyOnce(done.key, ctx.deps.publicUrl));
    const screen = await pusherScreen(ctx, source.id, secret);
    const copied = copies(ctx, say.keyCopies(done.key, ctx.deps.publicUrl));
    await ctx.show(copying(screen, copied), 'here');
  },
};

/** Payload: the key's id. Both are good for a day. */
export const renewKey: ButtonAction = {
  action: 'key-renew',
  async press(ctx, row) {
    const keyId = row.payload ?? '';
    const source = await pusherOf(ctx, { key: keyId });
    if (!source) return ctx.toast(refusals.oldButton);
    const done = await rotateKey(ctx.deps.world, whoOf(ctx).actor, { keyId }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    if (!done.ok) return void (await ctx.show(await pusherScreen(ctx, source.id), 'here'));
    const secret = await secretly(ctx, source.name, say.keyOnce(done.key, ctx.deps.publicUrl));
    const above = lines(secret, say.oldUntil(done.oldExpiresAt, ctx.zone, ctx.now));
    const screen = await pusherScreen(ctx, source.id, above);
    const copied = copies(ctx, say.keyCopies(done.key, ctx.deps.publicUrl));
    await ctx.show(copying(screen, copied), 'here');
  },
};

/** Payload: the key's id, and `surely` the second time. */
export const endKey: ButtonAction = {
  action: 'key-revoke',
  async press(ctx, row) {
    const [keyId = '', surely] = (row.payload ?? '').split(' ');
    const source = await pusherOf(ctx, { key: keyId });
    if (!source) return ctx.toast(refusals.oldButton);
    if (surely === undefined) {
      await ctx.toast();
      const rows = [
        [
          {
            label: say.revokeSurely,
            action: 'key-revoke',
            payload: `${keyId} surely`,
            style: 'danger' as const,
          },
          { label: labels.keepIt, action: 'pusher', payload: source.id },
        ],
      ];
      return void (await ctx.show({ text: say.revokeAsk(source.name, keyId), rows }, 'here'));
    }
    const done = await revokeKey(ctx.deps.world, whoOf(ctx).actor, { keyId }, ctx.now);
    await ctx.toast(done.ok ? say.revoked : done.text);
    await ctx.show(await pusherScreen(ctx, source.id), 'here');
  },
};

/** Payload: the source's id. */
export const map: ButtonAction = {
  action: 'map',
  async press(ctx, row) {
    await ctx.toast();
    const source = await pusherOf(ctx, { source: row.payload ?? '' });
    if (!source) return void (await ctx.show(await pushersScreen(ctx, say.pusherGone()), 'here'));
    ctx.opens = { dialogue: 'mapping', seed: { source: source.name }, ...here(ctx) };
  },
};
