// The management of sources, their keys, secrets and mappings, as paths of the OpenAPI document.
import { mappingSchema } from '#core/mapping.ts';
import { body, does, id } from './openapi-words.ts';
import { newKey, newSecret, newSource, overlap } from './source-routes.ts';

const source = id('The source’s name or id.');
const key = id('The key’s id.');

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
