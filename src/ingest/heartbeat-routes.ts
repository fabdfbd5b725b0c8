// Heartbeats over HTTP, with a key of the scope `admin`: the same operations as in the chat.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { printDuration } from '#core/duration.ts';
import type { Expects } from '#core/heartbeat.ts';
import type { Outcome } from '#core/outcome.ts';
import { durationSchema } from '#core/rule.ts';
import { severitySchema } from '#core/severity.ts';
import { createHeartbeat } from '#operations/create-heartbeat.ts';
import type { KindBook } from '#operations/kind-book.ts';
import { listHeartbeats } from '#operations/list-heartbeats.ts';
import { removeHeartbeat } from '#operations/remove-heartbeat.ts';
import { renewHeartbeat } from '#operations/renew-heartbeat.ts';
import type { World } from '#operations/world.ts';
import { ownerNamed } from '#store/named-owner.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';
import { problemResponse, problems } from './problem.ts';

const span = durationSchema.transform(printDuration);
export const newHeartbeat = z
  .strictObject({
    owner: z.string('whose it is: telegram:7001, or the id of a person or group'),
    name: z.string('how it is called, such as nightly backup'),
    every: span.optional(),
    cron: z.string().optional(),
    zone: z.string().optional(),
    grace: span.optional(),
    severity: severitySchema.optional(),
  })
  .refine(({ every, cron }) => (every === undefined) !== (cron === undefined), {
    path: ['every'],
    message: 'say either every (1h) or cron (0 3 * * *)',
  });

interface Deps {
  world: World;
  keys: KeyBook;
  kinds: KindBook;
  now: () => number;
}

/** Adds `/v1/heartbeats` and `/v1/heartbeats/{id}`. */
export function addHeartbeatRoutes(app: Hono, { world, keys, kinds, now }: Deps): void {
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);

  app.get(
    '/v1/heartbeats',
    may(async ({ actor }) => answer(await listHeartbeats(world, actor))),
  );
  app.post(
    '/v1/heartbeats',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, newHeartbeat);
      if (!body.ok) return body.response;
      const { owner, name, severity, every, cron, zone, grace } = body.value;
      const ownerId = await ownerNamed(world.database.db, owner);
      if (ownerId === undefined)
        return problemResponse(problems.unfit([{ path: 'owner', text: 'nobody here is called that' }]));
      const late = grace === undefined ? {} : { grace };
      const expects: Expects =
        every === undefined ? { cron: cron!, ...(zone ? { zone } : {}), ...late } : { every, ...late };
      const wish = { ownerId, name, expects, book: kinds, ...(severity ? { severity } : {}) };
      const made = await createHeartbeat(world, actor, wish, at);
      return answer(withPath(made), 201);
    }),
  );
  app.post(
    '/v1/heartbeats/:id/renew',
    may(async ({ actor, at }, c) => {
      const made = await renewHeartbeat(world, actor, { heartbeat: c.req.param('id') ?? '' }, at);
      return answer(withPath(made));
    }),
  );
  app.delete(
    '/v1/heartbeats/:id',
    may(async ({ actor, at }, c) =>
      answer(await removeHeartbeat(world, actor, { heartbeat: c.req.param('id') ?? '' }, at)),
    ),
  );
}

/** Where it is to call, below the address of this server. */
function withPath<T extends { token: string }>(made: Outcome<T>) {
  return made.ok ? { ...made, path: `/v1/ping/${made.token}` } : made;
}
