// Packs over HTTP with a key of the scope `admin`: what everybody is offered.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { KindBook } from '#operations/kind-book.ts';
import { savePack } from '#operations/save-pack.ts';
import { withdrawPack } from '#operations/withdraw-pack.ts';
import type { World } from '#operations/world.ts';
import { findPack, packsFor } from '#store/packs.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';
import { problemResponse, problems } from './problem.ts';

interface Deps {
  world: World;
  keys: KeyBook;
  kinds: KindBook;
  now: () => number;
}

const whole = z.record(z.string(), z.unknown());

/** Adds `/v1/packs` and `/v1/packs/{id}`. */
export function addPackRoutes(app: Hono, { world, keys, kinds, now }: Deps): void {
  const { db } = world.database;
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);
  const save = async ({ actor, at }: Managing, c: Context, status: number) => {
    const body = await readJson(c.req.raw, whole);
    if (!body.ok) return body.response;
    const packId = c.req.param('id');
    const input = { document: body.value, book: kinds, ...(packId === undefined ? {} : { packId }) };
    const done = await savePack(world, actor, input, at);
    if (!done.ok && done.faults) return problemResponse(problems.unfit(done.faults));
    return answer(done, done.ok ? status : 200);
  };

  app.get(
    '/v1/packs',
    may(async () => {
      const offered = { ok: true as const, packs: await packsFor(db, '') };
      return answer(offered);
    }),
  );
  app.post(
    '/v1/packs',
    may((managing, c) => save(managing, c, 201)),
  );
  app.get(
    '/v1/packs/:id',
    may(async (_managing, c) => {
      const pack = await findPack(db, c.req.param('id') ?? '');
      if (!pack) return problemResponse(problems.notFound('There is no pack with this id.'));
      const found = { ok: true as const, pack };
      return answer(found);
    }),
  );
  app.put(
    '/v1/packs/:id',
    may((managing, c) => save(managing, c, 200)),
  );
  app.delete(
    '/v1/packs/:id',
    may(async ({ actor, at }, c) =>
      answer(await withdrawPack(world, actor, { packId: c.req.param('id') ?? '' }, at)),
    ),
  );
}
