// The description of this room's routes as OpenAPI 3.1; the events' schema is the one that checks them.
import { z } from 'zod';
import { formats } from './formats/index.ts';
import { native, nativeEvent } from './formats/native.ts';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
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

/** The document served at /v1/openapi.json. */
export function openApi(): object {
  return {
    openapi: '3.1.0',
    info: { title: 'Tocsin', version: '1', description: 'Push events; ask what became of them.' },
    security: [{ bearer: [] }, { query: [] }],
    paths: {
      '/v1/events': {
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
              'application/json': {
                examples: Object.fromEntries(
                  formats.map(({ name, title, example }) => [name, { summary: title, value: example.body }]),
                ),
              },
            },
          },
          responses: { 202: taken, ...refusals, 404: problem('There is no such format.') },
        },
      },
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
            parameter('limit', 'query', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
          ],
          responses: answer('The alerts.'),
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
    query: { type: 'apiKey', in: 'query', name: 'key' },
  };
}
