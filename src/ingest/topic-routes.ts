// The catalogue over HTTP: what topics there are, what was seen of them, and what their sources say about them.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Actor } from '#core/actor.ts';
import { topicDocument } from '#core/declared-topic.ts';
import { instants } from '#core/instants.ts';
import { topicFault } from '#core/topic.ts';
import { type CatalogueTopic, countedOf, newestSubjects, pictureOf } from '#core/topic-picture.ts';
import { type Branch, treeOf } from '#core/topic-tree.ts';
import { declareTopic } from '#operations/declare-topic.ts';
import { withdrawTopic } from '#operations/withdraw-topic.ts';
import type { World } from '#operations/world.ts';
import { catalogue } from '#store/declared-topics.ts';
import { bounds } from './accept.ts';
import { callerOf } from './caller.ts';
import { type Caller, hasScope, type KeyBook, mayTouch } from './key-book.ts';
import { answer, readJson } from './managing.ts';
import { within } from './patience.ts';
import { problemResponse, problems } from './problem.ts';

const most = 1_000;

/** Adds `GET /v1/topics`, and `GET`, `PUT` and `DELETE /v1/topics/{topic}`. */
export function addTopicRoutes(
  app: Hono,
  { world, keys, now }: { world: World; keys: KeyBook; now: () => number },
): void {
  const { db } = world.database;
  const asked =
    (may: 'read' | 'ingest', act: (caller: Caller, c: Context, at: number) => Promise<Response>) =>
    async (c: Context) => {
      const at = now();
      const caller = await callerOf(keys, c.req.raw, at);
      if (!('keyId' in caller)) return problemResponse(caller);
      // Who pushes may see what it pushes.
      if (!hasScope(caller, 'ingest') && !(may === 'read' && hasScope(caller, 'read')))
        return problemResponse(problems.forbidden(`This needs a key with the scope “${may}”.`));
      return within(bounds.patienceMs, act(caller, c, at));
    };
  const actorOf = ({ source, scopes }: Caller): Actor => ({
    is: 'key',
    sourceId: source.id,
    name: source.name,
    scopes,
  });
  const inputOf = (caller: Caller, c: Context) => ({
    topic: c.req.param('topic') ?? '',
    keyTopics: caller.topics,
  });

  app.get(
    '/v1/topics',
    asked('read', async (caller) => {
      const found = await catalogue(db, caller.topics, most);
      return Response.json({
        topics: found.map((one) => instants(shown(one))),
        tree: instants(treeOf(found.map(countedOf)).map(pruned)),
      });
    }),
  );
  app.get(
    '/v1/topics/:topic',
    asked('read', async (caller, c) => {
      const { topic } = inputOf(caller, c);
      const isAsked = topicFault(topic) === undefined && mayTouch(caller, topic);
      const [found] = isAsked ? await catalogue(db, [topic], 1) : [];
      return found
        ? Response.json(instants({ ...shown(found), subjects: subjectsOf(found) }))
        : problemResponse(problems.notFound('Nothing was seen or said of this topic.'));
    }),
  );
  app.put(
    '/v1/topics/:topic',
    asked('ingest', async (caller, c, at) => {
      const body = await readJson(c.req.raw, z.unknown());
      if (!body.ok) return body.response;
      const input = { ...inputOf(caller, c), document: body.value };
      const done = await declareTopic(world, actorOf(caller), input, at);
      return answer(done.ok ? { ok: true, ...said(done.declared) } : done);
    }),
  );
  app.delete(
    '/v1/topics/:topic',
    asked('ingest', async (caller, c, at) =>
      answer(await withdrawTopic(world, actorOf(caller), inputOf(caller, c), at)),
    ),
  );
}

function said({ topic, title, description, strict, fields, declaredAt, declaredBy }: Said) {
  const at = new Date(declaredAt).toISOString();
  return { topic, title, description, strict, fields, declared: { at, by: declaredBy } };
}

type Said = NonNullable<CatalogueTopic['declared']>;

/** One topic: each field with what was said and what was seen of it. */
function shown(one: CatalogueTopic) {
  const { fields, ...known } = pictureOf(one);
  return {
    ...known,
    fields: Object.fromEntries(
      fields.map(({ name, declared, seen, lackedBy }) => [
        name,
        { ...declared, ...(seen ? { seen } : {}), ...(lackedBy > 0 ? { lackedBy } : {}) },
      ]),
    ),
  };
}

function subjectsOf({ seen }: CatalogueTopic) {
  return newestSubjects(seen).map(({ subject, data, at, source = null }) => ({ subject, at, source, data }));
}

/** A leaf needs no list of what is below it. */
function pruned({ below, lastAt, ...branch }: Branch): object {
  return {
    ...branch,
    lastAt: lastAt === 0 ? null : lastAt,
    ...(below.length > 0 ? { below: below.map(pruned) } : {}),
  };
}

const topicParameter = { name: 'topic', in: 'path', required: true, schema: { type: 'string' } };
const json = { 'application/json': { schema: { type: 'object' } } };
const does = (summary: string, description: string) => ({
  summary,
  responses: { 200: { description, content: json } },
});

/** Their paths in the OpenAPI document. */
export function topicPaths(): object {
  return {
    '/v1/topics': {
      get: does(
        'The topics under the key’s patterns',
        'Each with its fields, and all as a tree with counts.',
      ),
    },
    '/v1/topics/{topic}': {
      parameters: [topicParameter],
      get: does('One topic', 'What was seen of it, what was said about it, and its newest subjects.'),
      put: {
        ...does('Say what a topic’s events are', 'What is known of it from now on.'),
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: z.toJSONSchema(topicDocument, { io: 'input', unrepresentable: 'any' }),
            },
          },
        },
      },
      delete: does('Take back what was said', 'What was seen stays.'),
    },
  };
}
