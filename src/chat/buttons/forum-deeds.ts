// Forum topics by buttons: one for each topic, for each source, or none; and another try.
import { divisions } from '#core/forum.ts';
import { retryTopics } from '#operations/retry-topics.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import { forumScreen, homeOf, setForum } from '../forum-screens.ts';
import * as say from '../locales/forum.ts';

/** Payload: none (shows), `topic`, `source`, `off`, `again`. */
export const forum: ButtonAction = {
  action: 'forum',
  async press(ctx, { payload }) {
    if (payload === 'again') {
      const receiverId = (await homeOf(ctx))?.id ?? '';
      const done = await retryTopics(ctx.deps.world, whoOf(ctx).actor, { receiverId }, ctx.now);
      await ctx.toast(done.ok ? say.triedAgain : done.text);
    } else if (payload !== null) {
      const by = divisions.find((one) => one === payload);
      const done = await setForum(ctx, by);
      await ctx.toast(done && !done.ok ? done.text : undefined);
    } else await ctx.toast();
    await ctx.show(await forumScreen(ctx), 'here');
  },
};
