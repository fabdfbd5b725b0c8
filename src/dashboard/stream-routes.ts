// GET /v1/stream: what changes, as it changes; POST /v1/stream/tickets: one of them for a browser, which can set no header.
import { type Context, Hono } from 'hono';
import { patternFault } from '#core/topic.ts';
import { giveTicket } from '#operations/give-ticket.ts';
import type { World } from '#operations/world.ts';
import { sqlState } from '#store/connection.ts';
import { keyHash } from '#store/key-text.ts';
import { takeTicket } from '#store/passes.ts';
import { findKeys } from '#store/sources.ts';
import type { Live } from './live.ts';
import { refused } from './refused.ts';
import type { Viewer } from './viewer.ts';

/** What a key may; the room that takes events keeps the book of them. */
export interface KnownKey {
  keyId: string;
  scopes: string[];
  topics: string[];
  source: { id: string; name: string };
}

export interface StreamDeps {
  world: World;
  live: Live;
  findKey(text: string, now: number): Promise<KnownKey | undefined>;
  now: () => number;
}

/** What may stand in the address; a key there is refused with a word of its own. */
const asked = ['key', 'ticket', 'topic', 'after', 'alerts'];
const reads = (scopes: readonly string[]) => scopes.includes('read') || scopes.includes('admin');

/** Mount it before the routes that answer the rest under /v1. */
export function streamRoutes({ world, live, findKey, now }: StreamDeps): Hono {
  const app = new Hono();
  const { db } = world.database;

  /** The key in the header, or the refusal. An address is kept in too many logs to carry one. */
  async function keyOf(c: Context): Promise<KnownKey | Response> {
    const text = /^Bearer +(.*\S) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (text === undefined) return unauthorized(c.req.query('key') !== undefined);
    const key = await findKey(text, now());
    if (!key) return unauthorized(false);
    if (reads(key.scopes)) return key;
    return refused(403, 'This key may not do that', 'Following needs a key with the scope “read”.');
  }

  async function viewerOf(c: Context): Promise<Viewer | Response> {
    const narrow = c.req.query('topic');
    const only = narrow === undefined ? {} : { narrow };
    const ticket = c.req.query('ticket');
    if (ticket === undefined) {
      const key = await keyOf(c);
      return key instanceof Response ? key : { is: 'key', keyId: key.keyId, topics: key.topics, ...only };
    }
    const pass = await takeTicket(db, keyHash(ticket), now());
    const [row] = pass?.keyId ? await findKeys(db, [pass.keyId]) : [];
    const isOver = !row || row.key.revokedAt !== null || (row.key.expiresAt ?? Infinity) <= now();
    if (isOver || !reads(row.key.scopes))
      return refused(401, 'The ticket is not good', 'It is good once and for 30 seconds; ask for another.');
    return { is: 'key', keyId: row.key.id, topics: row.key.topics, ...only };
  }

  app.get('/v1/stream', async (c) => {
    const strange = Object.keys(c.req.query()).find((name) => !asked.includes(name));
    if (strange !== undefined) {
      const text = `${strange.slice(0, 60)}: there is no such parameter; there are ${asked.slice(1).join(', ')}`;
      return refused(400, 'The query cannot be read', text);
    }
    const fault = patternFault(c.req.query('topic') ?? '**');
    if (fault) return refused(400, 'The query cannot be read', `topic: ${fault}`);
    const viewer = await viewerOf(c);
    if (viewer instanceof Response) return viewer;
    return answerStream(c, live, viewer);
  });
  app.post('/v1/stream/tickets', async (c) => {
    const key = await keyOf(c);
    if (key instanceof Response) return key;
    const { keyId, scopes, source } = key;
    const actor = { is: 'key', sourceId: source.id, name: source.name, scopes } as const;
    const done = await giveTicket(world, actor, { keyId }, now());
    if (!done.ok) return refused(403, 'This key may not do that', done.text);
    const { ticket, expiresAt } = done;
    const body = {
      ticket,
      path: `/v1/stream?ticket=${ticket}`,
      expiresAt: new Date(expiresAt).toISOString(),
    };
    return c.json(body, 201, { 'cache-control': 'no-store' });
  });
  app.onError((error) => {
    const away = !/^$|^(22|23|42|54)/.test(sqlState(error) ?? '');
    world.log.error({ err: error, away }, 'a request for the stream failed');
    return away
      ? refused(503, 'The database is not there', 'Come again in a moment.', { 'retry-after': '2' })
      : refused(500, 'This is our mistake', 'It was noted.');
  });
  return app;
}

/** The answer that does not end. */
export function answerStream(c: Context, live: Live, viewer: Viewer): Response {
  const headers = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // For proxies that would gather it.
    'x-accel-buffering': 'no',
    // Who holds a key or a ticket may read it from any page; there is no cookie in it.
    ...(viewer.is === 'key' ? { 'access-control-allow-origin': '*' } : {}),
  };
  if (c.req.raw.method === 'HEAD') return new Response(null, { headers });
  const bindings = c.env as { outgoing?: { destroy(): void } } | undefined;
  const body = live.open(viewer, {
    after: c.req.header('last-event-id') ?? c.req.query('after'),
    alerts: c.req.query('alerts') !== 'no',
    cut: bindings?.outgoing && (() => bindings.outgoing?.destroy()),
  });
  if (body) return new Response(body, { headers });
  return refused(503, 'Too many follow already', 'Come again in a moment.', { 'retry-after': '5' });
}

function unauthorized(inAddress: boolean): Response {
  const detail = inAddress
    ? 'Here no key is taken from the address. Send it as “Authorization: Bearer <key>”, or ask POST /v1/stream/tickets for a ticket.'
    : 'Send it as “Authorization: Bearer <key>”.';
  return refused(401, 'A valid key is needed', detail, { 'www-authenticate': 'Bearer' });
}

/** As part of the OpenAPI document. */
export function streamPaths(): object {
  const said = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  const refusals = {
    401: said('No valid key or ticket.'),
    403: said('The key may not read.'),
    503: said('Too many follow, or the database is not there.'),
  };
  const query = (name: string, description: string, schema: object = { type: 'string' }) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
  });
  return {
    '/v1/stream': {
      get: {
        summary: 'Alerts and transitions as server-sent events, as they happen',
        description:
          'First what burns (`alert`, then `ready`), then every change (`transition`). Whoever comes back with Last-Event-ID gets what happened meanwhile, each once; `gap` says that some of it is gone. A comment every 15 seconds keeps the line open. A key in the address is refused: browsers use a ticket.',
        security: [{ bearer: [] }, { ticket: [] }],
        parameters: [
          {
            name: 'Last-Event-ID',
            in: 'header',
            required: false,
            description: 'the id of the last event that arrived',
            schema: { type: 'string' },
          },
          query('after', 'the same, for whoever cannot set the header'),
          query('topic', 'only what is under this pattern'),
          query('alerts', 'no: begin without what burns', { enum: ['yes', 'no'], default: 'yes' }),
        ],
        responses: {
          200: {
            description: 'The stream.',
            content: { 'text/event-stream': { schema: { type: 'string' } } },
          },
          400: said('The query cannot be read.'),
          ...refusals,
        },
      },
    },
    '/v1/stream/tickets': {
      post: {
        summary: 'A ticket for one stream, good once and for 30 seconds',
        responses: {
          201: {
            description: 'The ticket, and the path with it.',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
          ...refusals,
        },
      },
    },
  };
}

/** Paths, with the methods they take, for 405. */
export const streamDoors: [RegExp, string][] = [
  [/^\/v1\/stream$/, 'GET'],
  [/^\/v1\/stream\/tickets$/, 'POST'],
];
