// The description of this room's routes as OpenAPI 3.1; the events' schema is the one that checks them.
import { z } from 'zod';
import { severities } from '#core/severity.ts';
import { actionPaths } from './action-routes.ts';
import { alertDeedPaths } from './alert-deed-routes.ts';
import { backTestPaths } from './back-test-routes.ts';
import { broadcastPaths } from './broadcast-routes.ts';
import { formatNamed, formats } from './formats/index.ts';
import { native, nativeEvent } from './formats/native.ts';
import { groupPaths } from './group-routes.ts';
import { historyPaths, listParameters } from './history-routes.ts';
import { listPaths } from './list-routes.ts';
import { memberPaths } from './member-routes.ts';
import { packPaths } from './openapi-packs.ts';
import { receiverPaths } from './openapi-receivers.ts';
import { silencePaths } from './openapi-silences.ts';
import { sourcePaths } from './openapi-sources.ts';
import { targetPaths } from './openapi-targets.ts';
import { templatePaths } from './openapi-templates.ts';
import { problem } from './openapi-words.ts';
import { topicPaths } from './topic-routes.ts';

const refusals = {
  400: problem('The body cannot be read.'),
  401: problem('No valid key.'),
  403: problem('The key lacks the scope, or a topic is not its own.'),
  409: problem('An id names another event.'),
  413: problem('More than 1 MB, 500 events, or 256 KB in one event.'),
  415: problem('Not JSON, or compressed.'),
  422: problem('Faults in the events, each with its path.'),
  429: problem('Too fast; Retry-After says how long to wait.'),
  503: problem('The database is not there; send the same again.'),
};
const taken = {
  description: 'Taken and committed.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Taken' } } },
};
const answer = (description: string) => ({
  200: { description, content: { 'application/json': { schema: { type: 'object' } } } },
  401: refusals[401],
  403: refusals[403],
  404: problem('It is not there, or not under the key’s topics.'),
  503: refusals[503],
});
const parameter = (name: string, where: 'path' | 'query', schema: object) => ({
  name,
  in: where,
  required: where === 'path',
  schema,
});

/** The document served at /v1/openapi.json, with the doors of other rooms. */
export function openApi(others: object = {}): object {
  const history = historyPaths() as Record<string, object>;
  return {
    openapi: '3.1.0',
    info: { title: 'Tocsin', version: '1', description: 'Push events; ask what became of them.' },
    security: [{ bearer: [] }, { query: [] }],
    paths: {
      ...history,
      '/v1/events': {
        ...history['/v1/events'],
        post: {
          summary: 'Push one event, a list of events, or CloudEvents 1.0',
          requestBody: { required: true, content: bodies() },
          responses: { 202: taken, ...refusals },
        },
      },
      '/v1/in/{format}': {
        post: {
          summary: 'Push in the words of another system',
          parameters: [parameter('format', 'path', { enum: formats.map(({ name }) => name) })],
          requestBody: {
            required: true,
            content: {
              'application/json': { examples: examples(false) },
              'text/plain': { examples: examples(true) },
            },
          },
          responses: { 202: taken, ...refusals, 404: problem('There is no such format.') },
        },
      },
      ...ownApis(),
      ...backTestPaths(),
      ...topicPaths(),
      ...sourcePaths(),
      ...targetPaths(),
      ...templatePaths(),
      ...packPaths(),
      ...receiverPaths(),
      ...listPaths(),
      ...memberPaths(),
      ...groupPaths(),
      ...silencePaths(),
      ...alertDeedPaths(),
      ...broadcastPaths(),
      ...actionPaths(),
      ...others,
      '/v1/events/{seq}': {
        get: {
          summary: 'What became of an event',
          parameters: [parameter('seq', 'path', { type: 'integer' })],
          responses: answer('The event, its transitions, notifications and deliveries.'),
        },
      },
      '/v1/alerts': {
        get: {
          summary: 'The newest alerts',
          parameters: [
            parameter('status', 'query', {
              type: 'string',
              description: 'pending, firing, acknowledged, resolved; several with commas',
            }),
            ...Object.entries({
              topic: 'a pattern, such as builds.**',
              subject: 'what it is about',
              severity: severities.join(', '),
              rule: 'the rule’s id',
              owner: 'whose alerts: telegram:7001, a group’s telegram:-100…, or an id',
            }).map(([name, description]) => parameter(name, 'query', { type: 'string', description })),
            ...listParameters,
          ],
          responses: answer('The alerts.'),
        },
      },
      '/v1/rules': {
        get: {
          summary: 'The rules of everybody or of one owner, as JSON, YAML or NDJSON (key: admin)',
          parameters: [
            parameter('owner', 'query', { type: 'string', description: 'telegram:7001, or an id' }),
            parameter('format', 'query', { enum: ['json', 'yaml', 'ndjson'], default: 'json' }),
          ],
          responses: answer('The rules; what this gives, POST takes.'),
        },
        post: {
          summary: 'Take rules: YAML or JSON all or none, NDJSON by the thousand lines (key: admin)',
          parameters: [
            parameter('owner', 'query', {
              type: 'string',
              description: 'whose they are when they do not say',
            }),
          ],
          requestBody: { required: true, content: ruleBodies() },
          responses: {
            ...answer('How many were made, changed, and as they were; 201 when some were made.'),
            413: problem('A file of YAML has at most 256 KB, of JSON 8 MB, of NDJSON 64 MB.'),
            422: problem('Faults in the rules, each with its path and line.'),
          },
        },
      },
      '/v1/rules/{id}': {
        get: {
          summary: 'One rule (key: admin)',
          parameters: [parameter('id', 'path', { type: 'string' })],
          responses: answer('The rule’s document.'),
        },
        put: {
          summary: 'Replace a rule (key: admin)',
          parameters: [parameter('id', 'path', { type: 'string' })],
          requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
          responses: { ...answer('The rule’s document.'), 422: problem('Faults, each with its path.') },
        },
        delete: {
          summary: 'Delete a rule; its alerts end (key: admin)',
          parameters: [parameter('id', 'path', { type: 'string' })],
          responses: { 204: { description: 'Deleted.' }, 404: problem('There is no rule with this id.') },
        },
      },
      '/v1/alerts/{id}': {
        get: {
          summary: 'One alert with everything that happened to it',
          parameters: [parameter('id', 'path', { type: 'string' })],
          responses: answer('The alert, its transitions and notifications.'),
        },
      },
    },
    components: { schemas: schemas(), securitySchemes: securitySchemes() },
  };
}

function examples(isText: boolean): object {
  const shown = formats.filter(({ text = false }) => text === isText);
  return Object.fromEntries(
    shown.map(({ name, title, example }) => [name, { summary: title, value: example.body }]),
  );
}

/** Described here so that one page lists every door; their owners' documents say the rest. */
function ownApis(): object {
  const json = (name: string) => ({
    required: true,
    content: { 'application/json': { example: formatNamed(name)!.example.body } },
  });
  const said = (description: string) => ({ description, content: { 'application/json': {} } });
  return {
    '/api/v2/alerts': {
      post: {
        summary: 'Alertmanager’s own API: Prometheus with Tocsin as its Alertmanager',
        security: [{ bearer: [] }, { basic: [] }, { query: [] }],
        requestBody: json('alertmanager-api'),
        responses: {
          200: { description: 'Taken and committed.' },
          400: said('What is wrong, in one text.'),
          401: said('No valid key.'),
          503: said('The database is not there; send the same again.'),
        },
      },
    },
    '/api/v2/status': {
      get: {
        summary: 'Alertmanager’s status, for whoever asks for it before sending',
        security: [{ bearer: [] }, { basic: [] }, { query: [] }],
        responses: { 200: said('The status.'), 401: refusals[401] },
      },
    },
    '/v2/enqueue': {
      post: {
        summary: 'PagerDuty’s Events API v2; the key is the routing_key',
        security: [],
        requestBody: json('pagerduty'),
        responses: {
          202: said('Taken and committed: status, message, dedup_key.'),
          400: said('status, message, and errors: each fault by its path.'),
          429: said('Too fast; Retry-After says how long to wait.'),
          503: said('The database is not there; send the same again.'),
        },
      },
    },
  };
}

function ruleBodies(): object {
  const rule = { type: 'object', required: ['topic', 'kind'] };
  const example = {
    owner: 'telegram:7001',
    name: 'Disk nearly full',
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
  };
  const schema = { oneOf: [rule, { type: 'array', items: rule }] };
  return {
    'application/json': { schema, example },
    'application/yaml': { schema },
    'application/x-ndjson': { schema: rule },
  };
}

function bodies(): object {
  const event = { $ref: '#/components/schemas/Event' };
  const cloudEvent = { type: 'object', required: ['specversion', 'id', 'source', 'type'] };
  return {
    'application/json': {
      schema: { oneOf: [event, { type: 'array', minItems: 1, maxItems: 500, items: event }] },
      example: native.example.body,
    },
    'application/cloudevents+json': { schema: cloudEvent },
    'application/cloudevents-batch+json': { schema: { type: 'array', items: cloudEvent } },
  };
}

function schemas(): object {
  const taken = z.object({
    accepted: z.int().min(0),
    duplicates: z.int().min(0),
    events: z.array(z.object({ id: z.string(), seq: z.int().min(1), duplicate: z.boolean() })),
  });
  const problemDocument = z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), text: z.string() })).optional(),
  });
  return {
    Event: z.toJSONSchema(nativeEvent, { io: 'input', unrepresentable: 'any' }),
    Taken: z.toJSONSchema(taken),
    Problem: z.toJSONSchema(problemDocument),
  };
}

function securitySchemes(): object {
  return {
    bearer: { type: 'http', scheme: 'bearer' },
    basic: { type: 'http', scheme: 'basic', description: 'The key as the password.' },
    query: { type: 'apiKey', in: 'query', name: 'key' },
    ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'For /v1/stream alone.' },
  };
}
