// How a receiver tells, and what was sent to it, by buttons.
import { redeliver } from '#operations/redeliver.ts';
import { retryNotification } from '#operations/retry-notification.ts';
import { findDelivery } from '#store/delivery-log.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import { deliveriesScreen, deliveryScreen } from '../delivery-screens.ts';
import * as sayDelivery from '../locales/deliveries.ts';
import * as say from '../locales/styles.ts';
import { changeStyle, type Part, partScreen, presets, styleScreen } from '../style-screens.ts';
import { asks } from './asks.ts';

/** Payload: the receiver's id; with a part asks for it; with a number behind it sets it, with `type` lets it be typed. */
export const style: ButtonAction = {
  action: 'style',
  async press(ctx, row) {
    const [id = '', part, value] = (row.payload ?? '').split(' ') as [string, Part?, string?];
    if (part === undefined || value === undefined) {
      await ctx.toast();
      const screen = part === undefined ? await styleScreen(ctx, id) : await partScreen(ctx, id, part);
      return void (await ctx.show(screen, 'here'));
    }
    if (value === 'type' && part !== 'least' && part !== 'urgent') {
      await ctx.toast();
      return asks(ctx, part, id);
    }
    const done = await changeStyle(ctx, id, part, presets[part][Number(value)]?.[1]);
    await ctx.toast(done.ok ? say.styleSet : done.text);
    await ctx.show(await styleScreen(ctx, id), 'here');
  },
};

/** Payload: the receiver's id, and the last number of the page before. */
export const deliveries: ButtonAction = {
  action: 'deliveries',
  async press(ctx, row) {
    await ctx.toast();
    const [id = '', before] = (row.payload ?? '').split(' ');
    await ctx.show(
      await deliveriesScreen(ctx, id, before === undefined ? undefined : Number(before)),
      'here',
    );
  },
};

/** Payload: the receiver's id and the delivery's number. */
export const delivery: ButtonAction = {
  action: 'delivery',
  async press(ctx, row) {
    await ctx.toast();
    const [id = '', number] = (row.payload ?? '').split(' ');
    await ctx.show(await deliveryScreen(ctx, id, Number(number)), 'here');
  },
};

/** Payload: `send` or `retry`, the receiver's id and the delivery's number. */
export const sendAgain: ButtonAction = {
  action: 'delivery-again',
  async press(ctx, row) {
    const [way, id = '', number] = (row.payload ?? '').split(' ');
    const [{ world }, { actor }] = [ctx.deps, whoOf(ctx)];
    const deliveryId = Number(number);
    const notificationId = (await findDelivery(world.database.db, deliveryId))?.notificationId ?? 0;
    const done =
      way === 'retry'
        ? await retryNotification(world, actor, { notificationId }, ctx.now)
        : await redeliver(world, actor, { deliveryId }, ctx.now);
    await ctx.toast(done.ok ? sayDelivery.onItsWay : done.text);
    await ctx.show(await deliveryScreen(ctx, id, deliveryId), 'here');
  },
};
