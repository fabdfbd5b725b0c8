// What can be done with receivers by buttons.
import { disableReceiver } from '#operations/disable-receiver.ts';
import { enableReceiver } from '#operations/enable-receiver.ts';
import { offerBrowser } from '#operations/offer-browser.ts';
import { optOut as changeOptOut } from '#operations/opt-out.ts';
import { removeReceiver } from '#operations/remove-receiver.ts';
import { renewSecret } from '#operations/renew-secret.ts';
import { resendCode } from '#operations/send-code.ts';
import { testReceiver } from '#operations/test-receiver.ts';
import { rulesOf } from '#store/rules.ts';
import type { ButtonAction } from '../button.ts';
import {
  addScreen,
  channelScreen,
  channelsScreen,
  optOutsScreen,
  optOutWhereScreen,
  ownReceiver,
} from '../channel-screens.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { lines } from '../html.ts';
import * as say from '../locales/channels.ts';
import * as labels from '../locales/labels.ts';
import * as refusals from '../locales/refusals.ts';
import { type Choice, copying } from '../screen.ts';
import { copies, secretly } from '../secretly.ts';
import { asks, here } from './asks.ts';

export const channels: ButtonAction = {
  action: 'channels',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await channelsScreen(ctx), 'here');
  },
};

/** Payload: the receiver's id. */
export const channel: ButtonAction = {
  action: 'channel',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await channelScreen(ctx, row.payload ?? ''), 'here');
  },
};

/** Payload: none asks which channel; its name opens its questions, or for a browser gives a link. */
export const addChannel: ButtonAction = {
  action: 'channel-add',
  async press(ctx, row) {
    await ctx.toast();
    const { payload: name } = row;
    if (name === null) return void (await ctx.show(addScreen(ctx), 'here'));
    const fields = ctx.deps.channels.fields(name);
    if (fields.some(({ input }) => input === 'browser')) return linkBrowser(ctx);
    ctx.opens = {
      dialogue: 'channel',
      seed: { channel: name, ownerId: ctx.ownerId, typed: {} },
      ...here(ctx),
    };
  },
};

async function linkBrowser(ctx: ChatContext): Promise<void> {
  const back: Choice[] = [{ label: labels.back, action: 'channels' }];
  const done = await offerBrowser(ctx.deps.world, whoOf(ctx).actor, { ownerId: ctx.ownerId }, ctx.now);
  if (!done.ok) return void (await ctx.show({ text: refusals.refused(done.text), rows: [back] }, 'here'));
  const link = `${ctx.deps.publicUrl}${done.path}`;
  // Telegram takes no button to this machine itself.
  const isPublic = !/^https?:\/\/(localhost|127\.|\[)/.test(link);
  const rows = isPublic ? [[{ label: say.openHere, link }], back] : [back];
  await ctx.show({ text: say.browserLink(link, done.expiresAt, ctx.zone, ctx.now), rows }, 'here');
}

/** Payload: the receiver's id. */
export const enterCode: ButtonAction = {
  action: 'channel-code',
  async press(ctx, row) {
    await ctx.toast();
    const receiver = await ownReceiver(ctx, row.payload ?? '');
    if (!receiver) return void (await ctx.show(await channelsScreen(ctx), 'here'));
    const { id: receiverId, channel } = receiver;
    ctx.opens = {
      dialogue: 'channel',
      seed: { channel, ownerId: ctx.ownerId, typed: {}, receiverId },
      ...here(ctx),
    };
  },
};

export const newCode: ButtonAction = {
  action: 'channel-new-code',
  async press(ctx, row) {
    const done = await resendCode(
      ctx.deps.world,
      whoOf(ctx).actor,
      { receiverId: row.payload ?? '' },
      ctx.now,
    );
    await ctx.toast(done.ok ? say.codeSent : done.text);
  },
};

export const testChannel: ButtonAction = {
  action: 'channel-test',
  async press(ctx, row) {
    const done = await testReceiver(
      ctx.deps.world,
      whoOf(ctx).actor,
      { receiverId: row.payload ?? '' },
      ctx.now,
    );
    await ctx.toast(done.ok ? say.testSent : done.text);
  },
};

/** Payload: `on` or `off`, and the receiver's id. */
export const switchChannel: ButtonAction = {
  action: 'channel-switch',
  async press(ctx, row) {
    const [way, receiverId = ''] = (row.payload ?? '').split(' ');
    const change = way === 'on' ? enableReceiver : disableReceiver;
    const done = await change(ctx.deps.world, whoOf(ctx).actor, { receiverId }, ctx.now);
    await ctx.toast(done.ok ? (way === 'on' ? say.isOn : say.isOff) : done.text);
    await ctx.show(await channelScreen(ctx, receiverId), 'here');
  },
};

/** Payload: the receiver's id, and for how many hours the old secret is good; asks without. */
export const renewChannel: ButtonAction = {
  action: 'channel-secret',
  async press(ctx, row) {
    const [receiverId = '', hours] = (row.payload ?? '').split(' ');
    const receiver = await ownReceiver(ctx, receiverId);
    if (!receiver || hours === undefined) {
      await ctx.toast();
      if (!receiver) return void (await ctx.show(await channelScreen(ctx, receiverId), 'here'));
      const spans = [0, 1, 24, 168].map(
        (one): Choice => ({
          label: say.overlap(one),
          action: 'channel-secret',
          payload: `${receiverId} ${one}`,
        }),
      );
      const back: Choice[] = [{ label: labels.back, action: 'channel', payload: receiverId }];
      return void (await ctx.show({ text: say.renewAsk(receiver.label), rows: [spans, back] }, 'here'));
    }
    const { world, channels: book } = ctx.deps;
    const input = { receiverId, overlapHours: Number(hours) };
    const done = await renewSecret(world, book, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    if (!done.ok) return void (await ctx.show(await channelScreen(ctx, receiverId), 'here'));
    const secret = await secretly(ctx, receiver.label, say.secretOnce(done.shown));
    const above = say.renewed(done.oldUntil, ctx.zone, ctx.now, secret);
    const screen = await channelScreen(ctx, receiverId, above);
    await ctx.show(copying(screen, copies(ctx, say.secretCopies(done.shown))), 'here');
  },
};

export const renameChannel: ButtonAction = {
  action: 'channel-rename',
  async press(ctx, row) {
    await ctx.toast();
    asks(ctx, 'rename', row.payload ?? '');
  },
};

/** Payload: the receiver's id, and `surely` the second time. */
export const removeChannel: ButtonAction = {
  action: 'channel-remove',
  async press(ctx, row) {
    const [receiverId = '', surely] = (row.payload ?? '').split(' ');
    const receiver = await ownReceiver(ctx, receiverId);
    if (receiver && surely === undefined) {
      await ctx.toast();
      const rules = (await rulesOf(ctx.deps.world.database.db, [ctx.ownerId])).filter(({ to }) =>
        to.includes(receiverId),
      );
      const rows: Choice[][] = [
        [
          {
            label: say.removeSurely,
            action: 'channel-remove',
            payload: `${receiverId} surely`,
            style: 'danger',
          },
          { label: labels.keepIt, action: 'channel', payload: receiverId },
        ],
      ];
      const text = say.removeAsk(
        receiver.label,
        rules.map(({ name }) => name),
      );
      return void (await ctx.show({ text, rows }, 'here'));
    }
    if (!receiver) {
      await ctx.toast(say.gone);
      return void (await ctx.show(await channelsScreen(ctx), 'here'));
    }
    const done = await removeReceiver(ctx.deps.world, whoOf(ctx).actor, { receiverId }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    const screen = await channelsScreen(ctx);
    await ctx.show(
      done.ok ? { ...screen, text: lines(say.removed(done.label), screen.text) } : screen,
      'here',
    );
  },
};

export const optOuts: ButtonAction = {
  action: 'opt-outs',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await optOutsScreen(ctx), 'here');
  },
};

/** Payload: none asks for a topic; `where <topic>` asks where; `out`, `digest` or `in`, a channel or `*`, and the topic. */
export const optOut: ButtonAction = {
  action: 'opt-out',
  async press(ctx, row) {
    const [way, where = '', topic = ''] = (row.payload ?? '').split(' ');
    if (!way) {
      await ctx.toast();
      return asks(ctx, 'opt-out', '');
    }
    if (way === 'where') {
      await ctx.toast();
      return void (await ctx.show(await optOutWhereScreen(ctx, where), 'here'));
    }
    const digest = way === 'digest';
    const input = { ownerId: ctx.ownerId, topic, channel: where, out: way !== 'in', digest };
    const { world, channels: book } = ctx.deps;
    const done = await changeOptOut(world, book, whoOf(ctx).actor, input, ctx.now);
    const isNew = digest ? say.inDigest : say.leftOut;
    const said = input.out && done.ok ? (done.changed ? isNew : say.leftOutAlready) : undefined;
    await ctx.toast(done.ok ? said : done.text);
    await ctx.show(await optOutsScreen(ctx), 'here');
  },
};
