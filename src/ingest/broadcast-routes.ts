// Broadcasts over HTTP, with a key of the scope `admin`: the same operations as in the chat.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Audience, Fate } from '#core/broadcast.ts';
import { printCondition } from '#core/condition.ts';
import { printDuration } from '#core/duration.ts';
import { durationSchema } from '#core/rule.ts';
import { severitySchema } from '#core/severity.ts';
import { continueBroadcast } from '#operations/continue-broadcast.ts';
import { type AudienceInput, createBroadcast, reachOf } from '#operations/create-broadcast.ts';
import { listBroadcasts, type Made, readBroadcast } from '#operations/list-broadcasts.ts';
import { stopBroadcast } from '#operations/stop-broadcast.ts';
import type { World } from '#operations/world.ts';
import type { ReadReceipt } from '#store/broadcast-receipts.ts';
import { namesOfOwners } from '#store/many-rules.ts';
import { ownerNamed } from '#store/named-owner.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';
import { body, does, id, query } from './openapi-words.ts';
import { problemResponse, problems } from './problem.ts';

const audience = z.union(
  [
    z.strictObject({ everyone: z.literal(true) }),
    z.strictObject({ group: z.string() }),
    z.strictObject({ topic: z.string(), match: z.array(z.string()).default([]) }),
  ],
  'say {"everyone": true}, {"group": "telegram:-100…"}, or {"topic": "node.checkin", "match": ["version < 1.4"]}',
);
const newBroadcast = z.strictObject({
  id: z.string().optional().describe('A name of yours: the same id twice is one broadcast.'),
  text: z.string('say what they are to read'),
  to: audience,
  severity: severitySchema.optional(),
  first: z.number().int().optional().describe('How many of a hundred are told first.'),
  restAfter: durationSchema.optional().describe('How long after them the others are told.'),
  every: durationSchema.optional().describe('Again after so long to those who still are concerned.'),
  until: z.iso
    .datetime({ offset: true, error: 'must be an instant such as 2026-05-04T10:00:00Z' })
    .optional(),
  preview: z.boolean().optional().describe('Only say whom it would reach.'),
});

interface Deps {
  world: World;
  keys: KeyBook;
  now: () => number;
}

/** Adds `/v1/broadcasts` and what is below it. */
export function addBroadcastRoutes(app: Hono, { world, keys, now }: Deps): void {
  const { db } = world.database;
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);
  const named = (c: Context) => ({ broadcastId: c.req.param('id') ?? '' });

  app.get(
    '/v1/broadcasts',
    may(async ({ actor }, c) => {
      const before = c.req.query('before');
      const page = {
        limit: limitOf(c, 200),
        ...(before === undefined ? {} : { before: Date.parse(before) }),
      };
      const done = await listBroadcasts(world, actor, page);
      return answer(done.ok ? { ok: true, broadcasts: done.broadcasts.map(broadcastOf) } : done);
    }),
  );
  app.post(
    '/v1/broadcasts',
    may(async ({ actor, at }, c) => {
      const read = await readJson(c.req.raw, newBroadcast);
      if (!read.ok) return read.response;
      const { to, preview, first, restAfter, every, until, ...rest } = read.value;
      const asked = await audienceOf(to);
      if (!asked)
        return problemResponse(problems.unfit([{ path: 'to.group', text: 'there is no such group' }]));
      if (preview) {
        const seen = await reachOf(world, actor, asked);
        return answer(seen.ok ? { ok: true, reach: seen.reach } : seen);
      }
      const input = {
        text: rest.text,
        audience: asked,
        ...(rest.id === undefined ? {} : { id: rest.id }),
        ...(rest.severity === undefined ? {} : { severity: rest.severity }),
        ...(first === undefined ? {} : { firstPercent: first }),
        ...(restAfter === undefined ? {} : { restAfterMs: restAfter }),
        ...(every === undefined ? {} : { everyMs: every }),
        ...(until === undefined ? {} : { endsAt: Date.parse(until) }),
      };
      const done = await createBroadcast(world, actor, input, at);
      if (!done.ok) return answer(done);
      const { broadcast, reach, isNew } = done;
      const shown = { ok: true as const, broadcast: broadcastOf({ ...broadcast, counts: {} }), reach };
      return answer(shown, isNew ? 201 : 200);
    }),
  );
  app.get(
    '/v1/broadcasts/:id',
    may(async ({ actor }, c) => {
      const limit = limitOf(c, 1000);
      const done = await readBroadcast(world, actor, {
        ...named(c),
        after: c.req.query('after') ?? '',
        limit,
      });
      if (!done.ok) return answer(done);
      const { broadcast, receipts } = done;
      const names = await namesOfOwners(
        db,
        receipts.map(({ ownerId }) => ownerId),
      );
      const next = receipts.length === limit ? { next: receipts.at(-1)!.ownerId } : {};
      const shown = receipts.map((one) => receiptOf(one, names.get(one.ownerId) ?? one.ownerId));
      return answer({ ok: true, broadcast: broadcastOf(broadcast), receipts: shown, ...next });
    }),
  );
  app.post(
    '/v1/broadcasts/:id/continue',
    may(async ({ actor, at }, c) => answer(await continueBroadcast(world, actor, named(c), at))),
  );
  app.post(
    '/v1/broadcasts/:id/stop',
    may(async ({ actor, at }, c) => answer(await stopBroadcast(world, actor, named(c), at))),
  );

  async function audienceOf(to: z.output<typeof audience>): Promise<AudienceInput | undefined> {
    if ('everyone' in to) return { to: 'everyone' };
    if ('topic' in to) return { to: 'cohort', ...to };
    const groupId = await ownerNamed(db, to.group);
    return groupId?.startsWith('g_') ? { to: 'group', groupId } : undefined;
  }
}

// Whatever stands in the address was held against the description before.
const limitOf = (c: Context, most: number) => Number(c.req.query('limit') ?? most);

function broadcastOf(made: Made) {
  const { audience: to, everyMs, restAfterMs, firstPercent, counts, ...rest } = made;
  // What is over has no next step; the columns keep the last one.
  const step = rest.status === 'running' ? {} : { next: null, nextAt: null };
  return {
    ...rest,
    ...step,
    to: sayTo(to),
    first: firstPercent,
    restAfter: restAfterMs === null ? null : printDuration(restAfterMs),
    every: everyMs === null ? null : printDuration(everyMs),
    counts: counts satisfies Partial<Record<Fate, number>>,
  };
}

function sayTo(to: Audience): object {
  if (to.to === 'everyone') return { everyone: true };
  return to.to === 'group' ? { group: to.groupId } : { topic: to.topic, match: to.match.map(printCondition) };
}

function receiptOf({ ownerId: _, notificationId, ...rest }: ReadReceipt, owner: string) {
  return { owner, ...rest, notification: notificationId };
}

const upTo = (maximum: number) => ({ type: 'integer', minimum: 1, maximum, default: maximum });
const broadcast = id('The broadcast’s id.');

/** The paths below /v1/broadcasts. */
export function broadcastPaths(): object {
  return {
    '/v1/broadcasts': {
      get: {
        ...does('The broadcasts, newest first, and how many came to what', 'The broadcasts.'),
        parameters: [
          query('before', 'Only those made before this instant.', { type: 'string', format: 'date-time' }),
          query('limit', 'At most so many.', upTo(200)),
        ],
      },
      post: {
        ...does(
          'Tell everyone, a group, or those who watch what fulfils conditions; with `preview` only say whom',
          'The broadcast and its reach; 200 when this id was made before.',
          201,
        ),
        requestBody: body(newBroadcast),
      },
    },
    '/v1/broadcasts/{id}': {
      get: {
        ...does(
          'One broadcast with its receipts',
          'The broadcast, its receipts, and `next` when there are more.',
        ),
        parameters: [
          broadcast,
          query('after', 'The `next` of the page before.'),
          query('limit', 'At most so many.', upTo(1000)),
        ],
      },
    },
    '/v1/broadcasts/{id}/continue': {
      post: {
        ...does('The first part was fine: tell the others', 'Whether that changed something.'),
        parameters: [broadcast],
      },
    },
    '/v1/broadcasts/{id}/stop': {
      post: { ...does('Tell nobody else', 'How many messages were on their way.'), parameters: [broadcast] },
    },
  };
}
