// When the digest comes, by buttons.
import { setDigest } from '#operations/set-digest.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import { digestInput, digestScreen } from '../digest-screens.ts';

/** Payload: none (shows), or the words that `/digest` takes. */
export const digest: ButtonAction = {
  action: 'digest',
  async press(ctx, row) {
    if (row.payload) {
      const input = await digestInput(ctx, row.payload);
      const done = input && (await setDigest(ctx.deps.world, whoOf(ctx).actor, input, ctx.now));
      await ctx.toast(done?.ok === false ? done.text : undefined);
    } else await ctx.toast();
    await ctx.show(await digestScreen(ctx), 'here');
  },
};
