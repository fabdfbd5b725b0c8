// /digest: what happened, told at a time that somebody chose.
import { setDigest } from '#operations/set-digest.ts';
import type { Command } from '../command.ts';
import { whoOf } from '../context.ts';
import { digestInput, digestScreen } from '../digest-screens.ts';
import { html, lines } from '../html.ts';
import * as say from '../locales/digest.ts';

export const digest: Command = {
  name: 'digest',
  description: 'what happened, each day or week, in one message',
  example: '/digest daily',
  scopes: ['private', 'group'],
  who: 'member',
  async handle(ctx, rest) {
    if (rest.trim() === '') return void (await ctx.show(await digestScreen(ctx)));
    const input = await digestInput(ctx, rest);
    if (!input) {
      const screen = await digestScreen(ctx);
      return void (await ctx.show({ ...screen, text: lines(say.noTime(rest), screen.text) }));
    }
    const done = await setDigest(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    const screen = await digestScreen(ctx);
    await ctx.show(done.ok ? screen : { ...screen, text: lines(html`${done.text}`, screen.text) });
  },
};
