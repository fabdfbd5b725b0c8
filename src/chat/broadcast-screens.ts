// Screens of broadcasts: how far one has come, with its receipts, and those that were made.
import { waitsForWord } from '#core/broadcast.ts';
import { listBroadcasts, type Made, readBroadcast } from '#operations/list-broadcasts.ts';
import { findGroup } from '#store/groups.ts';
import { type ChatContext, whoOf } from './context.ts';
import * as say from './locales/broadcasts.ts';
import * as labels from './locales/labels.ts';
import * as refusals from './locales/refusals.ts';
import type { Choice, Screen } from './screen.ts';

const listed = 8;

/** One broadcast as it stands now. */
export async function broadcastScreen(ctx: ChatContext, broadcastId: string): Promise<Screen> {
  const { world } = ctx.deps;
  const done = await readBroadcast(world, whoOf(ctx).actor, { broadcastId, limit: 1000 });
  if (!done.ok) return { text: refusals.refused(done.text) };
  const { broadcast, receipts } = done;
  const press = (label: string, action: string): Choice => ({ label, action, payload: broadcastId });
  const runs = broadcast.status === 'running';
  const unsent = (broadcast.counts.held ?? 0) + (broadcast.counts['on-its-way'] ?? 0) > 0;
  const waiting = broadcast.counts.waiting ?? 0;
  const facts = {
    broadcast,
    to: await audienceWords(ctx, broadcast),
    receipts,
    zone: ctx.zone,
    now: ctx.now,
  };
  return {
    text: say.screen({ ...facts, waits: waitsForWord(broadcast) }),
    rows: [
      [
        ...(runs && broadcast.next === 'rest' ? [press(say.tellRest(waiting), 'broadcast-rest')] : []),
        ...(runs || unsent ? [press(say.stop, 'broadcast-stop')] : []),
      ],
      [press(labels.lookAgain, 'broadcast'), { label: say.all, action: 'broadcasts' }],
    ].filter((row) => row.length > 0),
  };
}

/** The newest that were made here. */
export async function broadcastsScreen(ctx: ChatContext): Promise<Screen> {
  const asked = { limit: listed, ...(ctx.group ? { groupId: ctx.group.id } : {}) };
  const done = await listBroadcasts(ctx.deps.world, whoOf(ctx).actor, asked);
  if (!done.ok) return { text: refusals.refused(done.text) };
  const { broadcasts } = done;
  const open = broadcasts.map(
    ({ id }, i): Choice => ({ label: String(i + 1), action: 'broadcast', payload: id }),
  );
  return {
    text: say.made(broadcasts, ctx.zone, ctx.now),
    rows: [open.slice(0, 4), open.slice(4), [{ label: say.anew, action: 'new-broadcast' }]].filter(
      (row) => row.length > 0,
    ),
  };
}

async function audienceWords(ctx: ChatContext, { audience }: Made): Promise<string> {
  if (audience.to !== 'group') return say.audience(audience);
  const group = await findGroup(ctx.deps.world.database.db, audience.groupId);
  return say.toGroup(group?.title ?? '');
}
