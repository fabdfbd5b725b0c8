// Personal lists over HTTP, with a key of the scope `admin`: the same operations as in the chat.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { instants } from '#core/instants.ts';
import { deleteList } from '#operations/delete-list.ts';
import { setList } from '#operations/set-list.ts';
import type { World } from '#operations/world.ts';
import { findList, listsOf } from '#store/lists.ts';
import { ownerNamed } from '#store/named-owner.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';
import { body, does } from './openapi-words.ts';
import { problemResponse, problems } from './problem.ts';

const input = z.strictObject({ items: z.array(z.string()).max(1000, 'a list has at most 1,000 entries') });

/** Adds `/v1/lists` and `/v1/lists/{name}`; whose they are says `?owner=telegram:7001`. */
export function addListRoutes(
  app: Hono,
  { world, keys, now }: { world: World; keys: KeyBook; now: () => number },
): void {
  const { db } = world.database;
  const ofOwner = (act: (managing: Managing, ownerId: string, c: Context) => Promise<Response>) =>
    managing(keys, now, async (may, c) => {
      const ownerId = await ownerNamed(db, c.req.query('owner') ?? '');
      const text = 'say whose list it is, such as telegram:7001, or the id of a person or group';
      if (ownerId === undefined) return problemResponse(problems.badQuery([{ path: 'owner', text }]));
      return act(may, ownerId, c);
    });
  const nameOf = (c: Context) => c.req.param('name') ?? '';

  app.get(
    '/v1/lists',
    ofOwner(async (_may, ownerId) => Response.json(instants({ lists: await listsOf(db, ownerId) }))),
  );
  app.get(
    '/v1/lists/:name',
    ofOwner(async (_may, ownerId, c) => {
      const list = await findList(db, ownerId, nameOf(c));
      return list
        ? Response.json(instants(list))
        : problemResponse(problems.notFound('There is no such list.'));
    }),
  );
  app.put(
    '/v1/lists/:name',
    ofOwner(async ({ actor, at }, ownerId, c) => {
      const body = await readJson(c.req.raw, input);
      if (!body.ok) return body.response;
      const { items } = body.value;
      return answer(await setList(world, actor, { ownerId, name: nameOf(c), items }, at));
    }),
  );
  app.delete(
    '/v1/lists/:name',
    ofOwner(async ({ actor, at }, ownerId, c) =>
      answer(await deleteList(world, actor, { ownerId, name: nameOf(c) }, at)),
    ),
  );
}

/** Their paths in the OpenAPI document. */
export function listPaths(): object {
  const parameter = (name: string, where: string, description: string) => ({
    name,
    in: where,
    required: true,
    description,
    schema: { type: 'string' },
  });
  const owner = parameter('owner', 'query', 'Whose, such as telegram:7001.');
  const parameters = [parameter('name', 'path', 'The list’s name, such as blocks for $me.blocks.'), owner];
  return {
    '/v1/lists': { get: { ...does('The lists that somebody keeps', 'The lists.'), parameters: [owner] } },
    '/v1/lists/{name}': {
      get: { ...does('One list, and the rules that use it', 'The list.'), parameters },
      put: {
        ...does('What is in it; made when it is not there', 'The list.'),
        parameters,
        requestBody: body(input),
      },
      delete: { ...does('Keep it no longer', 'Done.'), parameters },
    },
  };
}
