// What a rule would have told, over HTTP: the document is tried on the events that are kept, nothing is saved.
import type { Hono } from 'hono';
import { z } from 'zod';
import { instants } from '#core/instants.ts';
import type { BackTestBook } from '#operations/back-test-book.ts';
import type { World } from '#operations/world.ts';
import { ownerNamed } from '#store/named-owner.ts';
import type { KeyBook } from './key-book.ts';
import { answer, managing, readJson } from './managing.ts';
import { query } from './openapi-words.ts';
import { problemResponse, problems } from './problem.ts';

const document = z.looseObject({ owner: z.string().optional(), id: z.string().optional() });

/** Adds `POST /v1/rules/back-test`; a client that goes away ends it. */
export function addBackTestRoutes(
  app: Hono,
  {
    world,
    keys,
    backTests,
    now,
  }: { world: World; keys: KeyBook; backTests: BackTestBook; now: () => number },
): void {
  app.post(
    '/v1/rules/back-test',
    managing(keys, now, async ({ actor, at }, c) => {
      const body = await readJson(c.req.raw, document);
      if (!body.ok) return body.response;
      // What GET /v1/rules gives says which rule it is.
      const { owner, id: _id, ...rule } = body.value;
      const ownerId = await ownerNamed(world.database.db, c.req.query('owner') ?? owner ?? '');
      const text = 'say whose rule it would be, such as telegram:7001, or the id of a person or group';
      if (ownerId === undefined) return problemResponse(problems.unfit([{ path: 'owner', text }]));
      const days = c.req.query('days');
      const limits = (c.req.query('limits') ?? '').split(',').filter((limit) => limit.trim() !== '');
      const input = {
        ownerId,
        rule: { document: rule },
        ...(days === undefined ? {} : { days: Number(days) }),
        limits: limits.map(Number),
      };
      const done = await backTests.run(actor, input, { signal: c.req.raw.signal }, at);
      if (!done.ok) return answer(done);
      const { from, to, ...result } = done.result;
      return Response.json({ from: iso(from), to: iso(to), ...(instants(result) as object) });
    }),
  );
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Its path in the OpenAPI document. */
export function backTestPaths(): object {
  return {
    '/v1/rules/back-test': {
      post: {
        summary: 'What a rule would have told, from the events that are kept; nothing is saved',
        parameters: [
          query('owner', 'Whose rule it would be: their hours and lists count.', { type: 'string' }),
          query('days', 'How far back.', { type: 'integer', minimum: 1, maximum: 31, default: 14 }),
          query('limits', 'Also with these limits instead; several with commas.', { type: 'string' }),
        ],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object', description: 'A rule’s document.' } } },
        },
        responses: {
          200: {
            description: 'How often, when, and with other limits.',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
        },
      },
    },
  };
}
