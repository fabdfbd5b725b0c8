// What can be done with a storm board: acknowledge everything on it, or mute where it comes from for an hour.
import { acknowledgeMany } from '#operations/acknowledge-many.ts';
import { silenceAlerts } from '#operations/silence-alerts.ts';
import { boardTally, findBoard } from '#store/boards.ts';
import type { ButtonAction } from '../button.ts';
import { whoOf } from '../context.ts';
import * as sayAlerts from '../locales/alerts.ts';
import * as sayMuting from '../locales/muting.ts';
import * as refusals from '../locales/refusals.ts';

const hour = 3_600_000;

/** Payload: the board's id. */
export const acknowledgeBoard: ButtonAction = {
  action: 'board-acknowledge',
  async press(ctx, row) {
    const input = { boardId: row.payload ?? '' };
    const done = await acknowledgeMany(ctx.deps.world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(done.ok ? sayAlerts.acknowledgedMany(done.count) : done.text);
  },
};

/** Payload: the board's id. The one topic that it is about; several: everything below what they share. */
export const muteBoard: ButtonAction = {
  action: 'board-mute',
  async press(ctx, row) {
    const { world } = ctx.deps;
    const board = await findBoard(world.database.db, row.payload ?? '');
    if (!board) return ctx.toast(refusals.oldButton);
    const { topics } = await boardTally(world.database.db, board);
    const topic = sharedPattern(topics.map((one) => one.topic));
    const input = { ownerId: ctx.ownerId, topic, for: hour };
    const done = await silenceAlerts(world, whoOf(ctx).actor, input, ctx.now);
    await ctx.toast(
      done.ok ? sayMuting.mutedBoard(topic, done.silence.endsAt, ctx.zone, ctx.now) : done.text,
    );
  },
};

/** `storm.disk` for one topic, `storm.**` for several below it, `**` for what has nothing in common. */
export function sharedPattern(topics: string[]): string {
  const [first = '', ...others] = topics;
  if (others.length === 0) return first === '' ? '**' : first;
  const shared = first.split('.');
  for (const topic of others) {
    const parts = topic.split('.');
    while (shared.length > 0 && shared.some((part, i) => parts[i] !== part)) shared.pop();
  }
  return [...shared, '**'].join('.');
}
