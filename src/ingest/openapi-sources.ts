// The management of sources, their keys, secrets and mappings, as paths of the OpenAPI document.
import { z } from 'zod';
import { mappingSchema } from '#core/mapping.ts';
import { newKey, newSecret, newSource, overlap } from './source-routes.ts';

export const id = (what: string) => ({
  name: 'id',
  in: 'path',
  required: true,
  description: what,
  schema: { type: 'string' },
});
const source = id('The source’s name or id.');
const key = id('The key’s id.');
const json = { 'application/json': { schema: { type: 'object' } } };
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
const refusals = {
  400: problem('The query or the body cannot be read.'),
  401: problem('No valid key.'),
  403: problem('This needs a key with the scope admin.'),
  404: problem('It is not there.'),
  422: problem('What was sent has faults, each with its path.'),
  503: problem('The database is not there; send the same again.'),
};
const furtherRefusals = {
  409: problem('It cannot be done as things are; the detail says how they are.'),
  413: problem('Too much at once.'),
  415: problem('Not a form that is read here, or compressed.'),
};
/** How a door refuses a body by its form or its size. */
export const bodyRefusals = [413, 415] as const;
interface Further {
  /** Other statuses of success, each with what it means. */
  also?: Record<number, string>;
  refuses?: readonly (keyof typeof furtherRefusals)[];
  /** The forms of the answer by their media types. */
  content?: object;
}

export const body = (schema: z.ZodType, required = true) => ({
  required,
  content: {
    'application/json': { schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) },
  },
});
export const does = (
  summary: string,
  description: string,
  status = 200,
  { also = {}, refuses = [], content = json }: Further = {},
) => ({
  summary,
  responses: {
    ...Object.fromEntries(
      Object.entries({ [status]: description, ...also }).map(([code, text]) => [
        code,
        { description: text, content },
      ]),
    ),
    ...refusals,
    ...Object.fromEntries(refuses.map((code) => [code, furtherRefusals[code]])),
  },
});

/** The paths below /v1/sources and /v1/keys. */
export function sourcePaths(): object {
  return {
    '/v1/sources': {
      get: does('Every source with its keys and when they were last used', 'The sources.'),
      post: {
        ...does('Add a source', 'The source.', 201),
        requestBody: body(newSource),
      },
    },
    '/v1/sources/{id}': {
      get: { ...does('One source', 'The source with its keys.'), parameters: [source] },
    },
    '/v1/sources/{id}/keys': {
      post: {
        ...does('A new key', 'Its id, and its text, which is shown this once.', 201),
        parameters: [source],
        requestBody: body(newKey),
      },
    },
    '/v1/sources/{id}/secret': {
      put: {
        ...does('Make the source sign what it sends', 'The secret, which is shown this once.'),
        parameters: [source],
        requestBody: body(newSecret),
      },
      delete: { ...does('It need not sign any longer', 'Done.'), parameters: [source] },
    },
    '/v1/sources/{id}/mapping': {
      get: {
        ...does('What its fields mean, samples that cannot be read yet, and a guess', 'The mapping.'),
        parameters: [source],
      },
      put: {
        ...does('Say what its fields mean; what was kept is read again', 'The mapping, and how much waited.'),
        parameters: [source],
        requestBody: body(mappingSchema),
      },
      delete: { ...does('Forget what its fields mean', 'Done.'), parameters: [source] },
    },
    '/v1/keys/{id}/rotate': {
      post: {
        ...does('A key’s successor; both are good during the overlap', 'The new key.', 201),
        parameters: [key],
        requestBody: body(overlap, false),
      },
    },
    '/v1/keys/{id}': {
      delete: { ...does('Revoke a key', 'Since when it is revoked.'), parameters: [key] },
    },
  };
}
