// What happened, page by page or as one export: events for whoever reads, and who did what for whoever manages.
import type { Context, Hono } from 'hono';
import { isGroup } from '#core/owner.ts';
import type { World } from '#operations/world.ts';
import { listAudit } from '#store/audit.ts';
import { listEvents } from '#store/listed-events.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { bounds } from './accept.ts';
import { callerOf } from './caller.ts';
import { hasScope, type KeyBook } from './key-book.ts';
import { answerList, type Listing, readListing } from './listing.ts';
import { managing } from './managing.ts';
import { query } from './openapi-words.ts';
import { within } from './patience.ts';
import { problemResponse, problems } from './problem.ts';

interface Deps {
  world: World;
  keys: KeyBook;
  now: () => number;
}

const states = ['waiting', 'processed', 'quarantined'] as const;
const number = /^[1-9]\d{0,14}$/;

/** Adds `GET /v1/events` and `GET /v1/audit`. */
export function addHistoryRoutes(app: Hono, { world, keys, now }: Deps): void {
  const { db } = world.database;

  app.get('/v1/events', async (c) => {
    const caller = await callerOf(keys, c.req.raw, now());
    if (!('keyId' in caller)) return problemResponse(caller);
    if (!hasScope(caller, 'read'))
      return problemResponse(problems.forbidden('Reading needs a key with the scope “read”.'));
    const read = listingOf(c);
    if (read instanceof Response) return read;
    const state = c.req.query('state');
    if (state !== undefined && !states.some((known) => known === state))
      return invalid('state', `there is no such state; there are ${states.join(', ')}`);
    const { topic, since, until } = read;
    const asked = {
      topics: caller.topics,
      topic,
      since,
      until,
      source: c.req.query('source'),
      subject: c.req.query('subject'),
      state: state as (typeof states)[number] | undefined,
    };
    return within(
      bounds.patienceMs,
      answerList(
        'events',
        read,
        (cursor, limit) => listEvents(db, { ...asked, limit, ...(cursor ? { before: Number(cursor) } : {}) }),
        ({ seq }) => String(seq),
      ),
    );
  });

  app.get(
    '/v1/audit',
    managing(keys, now, async (_, c) => {
      const read = listingOf(c);
      if (read instanceof Response) return read;
      const who = c.req.query('actor');
      const actor = who === undefined ? undefined : await actorNamed(world, who);
      if (who !== undefined && actor === undefined)
        return invalid(
          'actor',
          /^telegram:\d/.test(who)
            ? 'nobody here is called that'
            : 'must be like telegram:7001, person:p_…, key:s_…, operator or clock',
        );
      const { since, until } = read;
      // An alert is one of the things that something is done to.
      const target = c.req.query('alert') ?? c.req.query('target');
      const asked = { actor, verb: c.req.query('verb'), target, since, until };
      return answerList(
        'audit',
        read,
        (cursor, limit) => listAudit(db, { ...asked, limit, ...(cursor ? { before: Number(cursor) } : {}) }),
        ({ id }) => String(id),
      );
    }),
  );
}

function listingOf(c: Context): Listing | Response {
  const read = readListing((name) => c.req.query(name), c.req.header('accept') ?? null, number);
  return read.ok ? read.listing : problemResponse(problems.badQuery(read.faults));
}

/** As the trail names it. */
async function actorNamed(world: World, said: string): Promise<string | undefined> {
  if (/^(person|key):\w{1,64}$/.test(said) || said === 'operator' || said === 'clock') return said;
  if (!said.startsWith('telegram:')) return undefined;
  const id = await ownerNamed(world.database.db, said);
  // A group does nothing itself.
  return id === undefined || isGroup(id) ? undefined : `person:${id}`;
}

const invalid = (path: string, text: string) => problemResponse(problems.badQuery([{ path, text }]));

/** What every list takes. */
export const listParameters = [
  query('since', 'from this instant on, RFC 3339', { type: 'string', format: 'date-time' }),
  query('until', 'before this instant, RFC 3339', { type: 'string', format: 'date-time' }),
  query('limit', 'rows of a page; as ndjson lines in all, without it everything', {
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 100,
  }),
  query('cursor', 'what the page before gave as `next`'),
  query('format', 'ndjson: everything, one document a line', { enum: ['json', 'ndjson'], default: 'json' }),
];

/** As part of the OpenAPI document. */
export function historyPaths(): object {
  const said = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  const answers = (description: string) => ({
    200: {
      description,
      content: { 'application/json': { schema: { type: 'object' } }, 'application/x-ndjson': {} },
    },
    400: said('The query cannot be read; each fault with its name.'),
    401: said('No valid key.'),
    403: said('The key lacks the scope.'),
    503: said('The database is not there; ask again.'),
  });
  return {
    '/v1/events': {
      get: {
        summary: 'Events as they were taken, newest first',
        parameters: [
          query('topic', 'a pattern, such as builds.**'),
          query('source', 'the event’s source'),
          query('subject', 'what it is about'),
          query('state', 'whether rules have looked at it', { enum: states }),
          ...listParameters,
        ],
        responses: answers('The events, and where the next page begins; `next` null: that was all.'),
      },
    },
    '/v1/audit': {
      get: {
        summary: 'Who did what, newest first (key: admin)',
        parameters: [
          query(
            'actor',
            'telegram:7001, person:p_…, key:s_…, operator or clock; of a person also what a key did for them',
          ),
          query('verb', 'such as acknowledge-alert'),
          query('alert', 'what was done to this alert'),
          query('target', 'what was done to anything with this id'),
          ...listParameters,
        ],
        responses: answers(
          'The records, each with who, for whom where a key did it for a person, what, to what, and when.',
        ),
      },
    },
  };
}
