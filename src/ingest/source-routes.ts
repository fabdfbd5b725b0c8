// Sources, their keys and secrets over HTTP, with a key of the scope `admin`: the same operations as in the chat.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { createKey, type KeyInput } from '#operations/create-key.ts';
import { createSource, type SourceInput } from '#operations/create-source.ts';
import { listedSource, listSources } from '#operations/list-sources.ts';
import { readMapping } from '#operations/read-mapping.ts';
import { removeSourceSecret } from '#operations/remove-source-secret.ts';
import { revokeKey } from '#operations/revoke-key.ts';
import { rotateKey } from '#operations/rotate-key.ts';
import { setMapping } from '#operations/set-mapping.ts';
import { setSourceSecret } from '#operations/set-source-secret.ts';
import type { World } from '#operations/world.ts';
import { findSource, keysOf } from '#store/sources.ts';
import { timeField } from './fields.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson, readJsonOrNone } from './managing.ts';
import { problemResponse, problems } from './problem.ts';

const shape = {
  error: (issue: { code?: string }) => (issue.code === 'invalid_type' ? 'must be an object' : undefined),
};
const whole = z.int('must be a whole number');
const texts = z.array(z.string('must be text'), 'must be a list of texts');
const hours = z.number('must be a number of hours').optional();
export const newSource = z.strictObject(
  {
    name: z.string('must be text'),
    ratePerSecond: whole.optional(),
    burst: whole.optional(),
  },
  shape,
);
export const newKey = z.strictObject(
  { scopes: texts.optional(), topics: texts.optional(), expiresAt: timeField.optional() },
  shape,
);
export const overlap = z.strictObject({ overlapHours: hours }, shape);
export const newSecret = z.strictObject(
  { secret: z.string('must be text').optional(), overlapHours: hours },
  shape,
);

interface Deps {
  world: World;
  keys: KeyBook;
  now: () => number;
}

/** Adds `/v1/sources`, `/v1/sources/{id}`, its `/keys`, `/secret` and `/mapping`, and `/v1/keys/{id}` with `/rotate`. */
export function addSourceRoutes(app: Hono, { world, keys, now }: Deps): void {
  const { db } = world.database;
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);
  const idIn = (c: Context) => c.req.param('id') ?? '';

  app.get(
    '/v1/sources',
    may(async ({ actor, at }) => answer(await listSources(world, actor, at))),
  );
  app.post(
    '/v1/sources',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, newSource);
      if (!body.ok) return body.response;
      const made = await createSource(world, actor, given<SourceInput>(body.value), at);
      return answer(made.ok ? { ok: true, ...listedSource(made.source, [], at) } : made, 201);
    }),
  );
  app.get(
    '/v1/sources/:id',
    may(async ({ at }, c) => {
      const source = await findSource(db, idIn(c));
      if (!source) return unknown();
      return answer({ ok: true, ...listedSource(source, await keysOf(db, source.id), at) });
    }),
  );
  app.post(
    '/v1/sources/:id/keys',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, newKey);
      if (!body.ok) return body.response;
      const source = await findSource(db, idIn(c));
      if (!source) return unknown();
      const input = given<KeyInput>({ ...body.value, source: source.name });
      return answer(await createKey(world, actor, input, at), 201);
    }),
  );
  app.put(
    '/v1/sources/:id/secret',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, newSecret);
      if (!body.ok) return body.response;
      return answer(await setSourceSecret(world, actor, given({ ...body.value, source: idIn(c) }), at));
    }),
  );
  app.delete(
    '/v1/sources/:id/secret',
    may(async ({ actor, at }, c) => answer(await removeSourceSecret(world, actor, { source: idIn(c) }, at))),
  );
  app.get(
    '/v1/sources/:id/mapping',
    may(async ({ actor, at }, c) => answer(await readMapping(world, actor, { source: idIn(c) }, at))),
  );
  app.put(
    '/v1/sources/:id/mapping',
    may(async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, z.unknown());
      if (!body.ok) return body.response;
      return answer(await setMapping(world, actor, { source: idIn(c), mapping: body.value }, at));
    }),
  );
  app.delete(
    '/v1/sources/:id/mapping',
    may(async ({ actor, at }, c) =>
      answer(await setMapping(world, actor, { source: idIn(c), mapping: null }, at)),
    ),
  );
  app.post(
    '/v1/keys/:id/rotate',
    may(async ({ actor, at }, c) => {
      const body = await readJsonOrNone(c.req.raw, overlap);
      if (!body.ok) return body.response;
      return answer(await rotateKey(world, actor, given({ ...body.value, keyId: idIn(c) }), at), 201);
    }),
  );
  app.delete(
    '/v1/keys/:id',
    may(async ({ actor, at }, c) => answer(await revokeKey(world, actor, { keyId: idIn(c) }, at))),
  );
}

function unknown(): Response {
  return problemResponse(problems.notFound('There is no source with this name or id.'));
}

/** Without what was not said. */
function given<T extends object>(value: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, said]) => said !== undefined)) as T;
}
