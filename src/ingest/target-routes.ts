// Targets over HTTP, with a key of the scope `admin`: the same operations as in the chat.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { durationSchema } from '#core/rule.ts';
import { addTarget } from '#operations/add-target.ts';
import { listTargets } from '#operations/list-targets.ts';
import type { ModuleBook } from '#operations/module-book.ts';
import { pauseTarget } from '#operations/pause-target.ts';
import { probeTarget } from '#operations/probe-target.ts';
import { removeTarget } from '#operations/remove-target.ts';
import type { TargetInput } from '#operations/target-input.ts';
import type { World } from '#operations/world.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';

export const newTarget = z.strictObject({
  module: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
  name: z.string().optional(),
  every: durationSchema.optional(),
  timeout: durationSchema.optional(),
  login: z
    .union([
      z.strictObject({ user: z.string(), password: z.string() }),
      z.strictObject({ bearer: z.string() }),
    ])
    .optional(),
});
export const targetChange = z.strictObject({ paused: z.boolean() });

interface Deps {
  world: World;
  keys: KeyBook;
  book: ModuleBook;
  now: () => number;
}

/** Adds `/v1/modules`, `/v1/targets`, `/v1/targets/probe` and `/v1/targets/{id}`. */
export function addTargetRoutes(app: Hono, { world, keys, book, now }: Deps): void {
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);

  app.get(
    '/v1/modules',
    may(async () => Response.json({ modules: book.all() })),
  );
  app.get(
    '/v1/targets',
    may(async ({ actor, at }) => answer(await listTargets(world, actor, at))),
  );
  app.post(
    '/v1/targets',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, newTarget);
      if (!body.ok) return body.response;
      return answer(await addTarget(world, actor, { ...inputOf(body.value), book }, at), 201);
    }),
  );
  app.post(
    '/v1/targets/probe',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, newTarget);
      if (!body.ok) return body.response;
      return answer(await probeTarget(world, actor, { ...inputOf(body.value), book }, at));
    }),
  );
  app.patch(
    '/v1/targets/:id',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, targetChange);
      if (!body.ok) return body.response;
      const target = c.req.param('id') ?? '';
      return answer(await pauseTarget(world, actor, { target, paused: body.value.paused }, at));
    }),
  );
  app.delete(
    '/v1/targets/:id',
    may(async ({ actor, at }, c) =>
      answer(await removeTarget(world, actor, { target: c.req.param('id') ?? '' }, at)),
    ),
  );
}

function inputOf({ every, timeout, params, name, login, module }: z.output<typeof newTarget>): TargetInput {
  return {
    module,
    ...(params === undefined ? {} : { params }),
    ...(name === undefined ? {} : { name }),
    ...(every === undefined ? {} : { everyMs: every }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(login === undefined ? {} : { login }),
  };
}
