// What can be done with topics by buttons: walk the tree, open one, watch one.
import type { ButtonAction } from '../button.ts';
import { topicScreen, topicsScreen } from '../topic-screens.ts';

/** Payload: a page, and the path below which it lies. */
export const topics: ButtonAction = {
  action: 'topics',
  async press(ctx, row) {
    const [page = '0', path = ''] = (row.payload ?? '').split(' ');
    await ctx.toast();
    await ctx.show(await topicsScreen(ctx, path, Number(page)), 'here');
  },
};

export const topic: ButtonAction = {
  action: 'topic',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await topicScreen(ctx, row.payload ?? ''), 'here');
  },
};

/** Payload: the topic, or a pattern. */
export const watchTopic: ButtonAction = {
  action: 'topic-watch',
  async press(ctx, row) {
    await ctx.toast();
    ctx.opens = { dialogue: 'subscribe', seed: { topic: row.payload ?? '' } };
  },
};
