// What can be done with packs: look, take, follow a change, and share a rule as one.
import { followPack } from '#operations/follow-pack.ts';
import { shareRule } from '#operations/share-rule.ts';
import { findPack } from '#store/packs.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import { lines } from '../html.ts';
import * as say from '../locales/packs.ts';
import { packScreen, packsScreen } from '../pack-screens.ts';
import { ruleScreen } from '../rule-screens.ts';

export const packs: ButtonAction = {
  action: 'packs',
  async press(ctx) {
    await ctx.toast();
    await ctx.show(await packsScreen(ctx), 'here');
  },
};

/** Payload: the pack's id. */
export const pack: ButtonAction = {
  action: 'pack',
  async press(ctx, row) {
    await ctx.toast();
    await ctx.show(await packScreen(ctx, row.payload ?? ''), 'here');
  },
};

/** Payload: the pack's id. Its questions are asked by a dialogue, also when there are none. */
export const takePack: ButtonAction = {
  action: 'take-pack',
  async press(ctx, row) {
    const packId = row.payload ?? '';
    if (!(await findPack(ctx.deps.world.database.db, packId))) {
      await ctx.toast(say.packGone);
      return void (await ctx.show(await packsScreen(ctx), 'here'));
    }
    await ctx.toast();
    const messageId = ctx.callbackQuery?.message?.message_id;
    const seed = { packId, ownerId: ctx.ownerId, answers: {} };
    ctx.opens = { dialogue: 'pack', seed, ...(messageId ? { messageId } : {}) };
  },
};

/** Payload: `take` or `keep`, and the rule's id. */
export const follow: ButtonAction = {
  action: 'follow-pack',
  async press(ctx, row) {
    const [way, ruleId = ''] = (row.payload ?? '').split(' ');
    const input = { ruleId, keep: way === 'keep', book: ctx.deps.book };
    const done = await followPack(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? (way === 'keep' ? say.kept : say.followed) : done.text);
    await ctx.show(await ruleScreen(ctx, ruleId), 'here');
  },
};

/** Payload: the rule's id. */
export const share: ButtonAction = {
  action: 'share',
  async press(ctx, row) {
    const ruleId = row.payload ?? '';
    const done = await shareRule(ctx.deps.world, whoOf(ctx).actor, { ruleId }, ctx.now);
    await ctx.toast(done.ok ? undefined : done.text);
    if (!done.ok) return;
    const { pack: made } = done;
    const link = `https://t.me/${ctx.me.username}?start=pack-${made.id}`;
    const screen = await ruleScreen(ctx, ruleId);
    const text = lines(say.shared(made.title, link, made.version > 1), screen.text);
    await ctx.show({ ...screen, text }, 'here');
  },
};
