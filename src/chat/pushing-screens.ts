// Screens about what pushes by itself: its keys and their last use, and whether its fields are explained. For admins.
import { type ListedSource, listSources } from '#operations/list-sources.ts';
import { readMapping } from '#operations/read-mapping.ts';
import { type ChatContext, whoOf } from './context.ts';
import { type Html, lines } from './html.ts';
import * as labels from './locales/labels.ts';
import * as say from './locales/pushing.ts';
import * as refusals from './locales/refusals.ts';
import type { Choice, Screen } from './screen.ts';

/** All that may push. */
export async function pushersScreen(ctx: ChatContext, above?: Html): Promise<Screen> {
  const listed = await listSources(ctx.deps.world, whoOf(ctx).actor, ctx.now);
  if (!listed.ok) return { text: refusals.refused(listed.text) };
  // What somebody who has left made comes first: it is to be kept or revoked.
  const isLeft = ({ keys }: ListedSource) => keys.some(({ left, state }) => left && state === 'good');
  const rows = listed.sources
    .toSorted((a, b) => Number(isLeft(b)) - Number(isLeft(a)))
    .slice(0, 30)
    .map(({ id, name }): Choice[] => [{ label: name, action: 'pusher', payload: id }]);
  return {
    text: lines(above, say.pushersTitle(listed.sources, ctx.zone, ctx.now)),
    rows: [
      ...rows,
      [
        { label: say.addPusher, action: 'pusher-add' },
        { label: labels.back, action: 'sources' },
      ],
    ],
  };
}

/** One of them, by its id or name. */
export async function pusherScreen(ctx: ChatContext, idOrName: string, above?: Html): Promise<Screen> {
  const [{ world }, { actor }] = [ctx.deps, whoOf(ctx)];
  const listed = await listSources(world, actor, ctx.now);
  if (!listed.ok) return { text: refusals.refused(listed.text) };
  const one = listed.sources.find(({ id, name }) => id === idOrName || name === idOrName);
  if (!one) return pushersScreen(ctx, say.pusherGone());
  const view = await readMapping(world, actor, { source: one.name }, ctx.now);
  const good = one.keys.filter(({ state }) => state === 'good').slice(0, 6);
  const rows = good.map(({ id }): Choice[] => [
    { label: say.renewKey(id), action: 'key-renew', payload: id },
    { label: say.revokeKey(id), action: 'key-revoke', payload: id, style: 'danger' },
  ]);
  return {
    text: lines(above, say.pusherDetail(one, view.ok ? view.waiting : 0, ctx.zone, ctx.now)),
    rows: [
      ...rows,
      [
        { label: say.anotherKey, action: 'key-add', payload: one.id },
        { label: say.mapIt, action: 'map', payload: one.id },
      ],
      [{ label: labels.back, action: 'pushers' }],
    ],
  };
}

/** The source that a key belongs to, when both are there. */
export async function pusherOf(ctx: ChatContext, which: { key?: string; source?: string }) {
  const listed = await listSources(ctx.deps.world, whoOf(ctx).actor, ctx.now);
  const all = listed.ok ? listed.sources : [];
  return all.find(({ id, keys }) => id === which.source || keys.some((key) => key.id === which.key));
}
