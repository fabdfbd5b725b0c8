// Who uses this Tocsin, and sending somebody away; over HTTP with a key of the scope `admin`.
import type { Hono } from 'hono';
import { instants } from '#core/instants.ts';
import { refuse } from '#core/outcome.ts';
import { erasePerson } from '#operations/erase-person.ts';
import type { World } from '#operations/world.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { peopleHere } from '#store/people.ts';
import type { KeyBook } from './key-book.ts';
import { answer, managing } from './managing.ts';
import { does, id } from './openapi-words.ts';

interface Deps {
  world: World;
  keys: KeyBook;
  now: () => number;
}

/** Adds `GET /v1/members` and `DELETE /v1/members/{id}`. */
export function addMemberRoutes(app: Hono, { world, keys, now }: Deps): void {
  const { db } = world.database;
  app.get(
    '/v1/members',
    managing(keys, now, async () => {
      const members = (await peopleHere(db)).map(({ id: personId, telegramId, name, role, createdAt }) => ({
        id: personId,
        owner: `telegram:${telegramId}`,
        name,
        role,
        createdAt,
      }));
      return Response.json(instants({ members }));
    }),
  );
  app.delete(
    '/v1/members/:id',
    managing(keys, now, async ({ actor, at }, c) => {
      const personId = await ownerNamed(db, c.req.param('id') ?? '');
      if (!personId?.startsWith('p_')) return answer(refuse('not-found', 'There is nobody like that here.'));
      return answer(await erasePerson(world, actor, { personId }, at));
    }),
  );
}

/** As part of the OpenAPI document. */
export function memberPaths(): object {
  return {
    '/v1/members': { get: does('The people who use this Tocsin (key: admin)', 'The people.') },
    '/v1/members/{id}': {
      delete: {
        ...does(
          'Erase somebody who leaves: what is theirs ends, and nothing names them any more (key: admin)',
          'How many rules ended, how many others told them, and what still burns.',
        ),
        parameters: [id('An id of ours, or telegram:7001.')],
      },
    },
  };
}
