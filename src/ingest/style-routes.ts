// How somebody is told: styles, opt-outs, links for a browser; over HTTP with a key of the scope `admin`.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { instants } from '#core/instants.ts';
import type { ChannelBook } from '#operations/channel-book.ts';
import { offerBrowser } from '#operations/offer-browser.ts';
import { optOut } from '#operations/opt-out.ts';
import { setStyle } from '#operations/set-style.ts';
import type { World } from '#operations/world.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { optOutsOf } from '#store/opt-outs.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';
import { problemResponse, problems } from './problem.ts';

const style = z.record(z.string(), z.unknown());
export const whose = z.strictObject({ owner: z.string('say who it is for, such as telegram:7001') });
export const left = z.strictObject({
  owner: z.string('say whose wish it is, such as telegram:7001'),
  topic: z.string('say a topic or a pattern, such as builds.**'),
  channel: z.string().default('*'),
  out: z.boolean().default(true),
  digest: z.boolean().default(false),
});

interface Deps {
  world: World;
  keys: KeyBook;
  channels: ChannelBook;
  /** Where people reach this server. */
  publicUrl: string;
  now: () => number;
}

/** Adds `/v1/receivers/{id}/style`, `/v1/opt-outs` and `/v1/browser-links`. */
export function addStyleRoutes(app: Hono, { world, keys, channels, publicUrl, now }: Deps): void {
  const { db } = world.database;
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);

  app.put(
    '/v1/receivers/:id/style',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, style);
      if (!body.ok) return body.response;
      const input = { receiverId: c.req.param('id') ?? '', document: body.value };
      return answer(await setStyle(world, actor, input, at));
    }),
  );
  app.get(
    '/v1/opt-outs',
    may(async (_managing, c) => {
      const ownerId = await ownerNamed(db, c.req.query('owner') ?? '');
      if (ownerId === undefined)
        return problemResponse(
          problems.badQuery([{ path: 'owner', text: 'say whose wishes, such as telegram:7001' }]),
        );
      const found = await optOutsOf(db, [ownerId]);
      const optOuts = found.map(({ topic, channel, digest, createdAt }) => ({
        topic,
        channel,
        digest,
        createdAt,
      }));
      return Response.json(instants({ optOuts }));
    }),
  );
  app.put(
    '/v1/opt-outs',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, left);
      if (!body.ok) return body.response;
      const { owner, ...rest } = body.value;
      const ownerId = await ownerNamed(db, owner);
      if (ownerId === undefined) return nobody();
      return answer(await optOut(world, channels, actor, { ownerId, ...rest }, at));
    }),
  );
  app.post(
    '/v1/browser-links',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, whose);
      if (!body.ok) return body.response;
      const ownerId = await ownerNamed(db, body.value.owner);
      if (ownerId === undefined) return nobody();
      const done = await offerBrowser(world, actor, { ownerId }, at);
      if (!done.ok) return answer(done);
      const url = new URL(done.path, publicUrl).href;
      const link = { ok: true as const, url, expiresAt: done.expiresAt };
      return answer(link, 201);
    }),
  );
}

const nobody = () =>
  problemResponse(
    problems.unfit([{ path: 'owner', text: 'there is nobody with this owner; it is like telegram:7001' }]),
  );
