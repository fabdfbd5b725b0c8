// How topics are worded, as paths of the OpenAPI document.
import { templateDocument } from '#operations/set-template.ts';
import { body, does, id } from './openapi-words.ts';
import { previewed } from './template-routes.ts';

const topic = { ...id('The topic pattern, such as disk.*'), name: 'topic' };
const wording = templateDocument.omit({ topic: true });

/** The paths below /v1/templates. */
export function templatePaths(): object {
  return {
    '/v1/templates': {
      get: does('The words of every topic that has some', 'The templates.'),
      post: {
        ...does('Say how what is under a topic is worded', 'The template.'),
        requestBody: body(templateDocument),
      },
    },
    '/v1/templates/preview': {
      post: {
        ...does(
          'See how a template will look: plain, as Telegram reads it, and on one line',
          'The three forms, every fault, and the names that a template can use.',
        ),
        requestBody: body(previewed),
      },
    },
    '/v1/templates/{topic}': {
      put: {
        ...does('The same, for this topic', 'The template.'),
        parameters: [topic],
        requestBody: body(wording),
      },
      delete: { ...does('Word it as usual again', 'Done.'), parameters: [topic] },
    },
  };
}
