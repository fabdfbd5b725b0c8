// Packs, as paths of the OpenAPI document.
import { packDocument } from '#core/pack.ts';
import { body, does, id } from './openapi-words.ts';

/** The paths below /v1/packs. */
export function packPaths(): object {
  const parameters = [id('The pack’s id')];
  return {
    '/v1/packs': {
      get: does('The packs that everybody is offered', 'The packs, newest first.'),
      post: {
        ...does('Offer rules to everybody, with blanks that whoever takes them fills in', 'The pack.'),
        requestBody: body(packDocument),
      },
    },
    '/v1/packs/{id}': {
      get: { ...does('One pack', 'The pack.'), parameters },
      put: {
        ...does('Its next version; who took it is told', 'The pack.'),
        parameters,
        requestBody: body(packDocument),
      },
      delete: { ...does('Offer it no longer; what was taken stays', 'Done.'), parameters },
    },
  };
}
