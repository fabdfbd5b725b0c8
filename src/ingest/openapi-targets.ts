// What is asked and what calls in, as paths of the OpenAPI document.
import { newHeartbeat } from './heartbeat-routes.ts';
import { body, does, id } from './openapi-words.ts';
import { newTarget, targetChange } from './target-routes.ts';

const target = id('The target’s name or id.');
const heartbeat = id('The heartbeat’s name or id.');
const token = { ...id('The heartbeat’s secret; it is the key.'), name: 'token' };
const what = {
  ...id('What to say.'),
  name: 'what',
  schema: { type: 'string', description: 'start, fail, log, or an exit code' },
};
const run = {
  name: 'rid',
  in: 'query',
  required: false,
  description: 'A name of the run: with it a repeated call is the same ping.',
  schema: { type: 'string' },
};

/** The paths below /v1/modules, /v1/targets, /v1/heartbeats and /v1/ping. */
export function targetPaths(): object {
  return {
    '/v1/modules': {
      get: does('The kinds of software that can be asked, or push by themselves', 'The modules.'),
    },
    '/v1/targets': {
      get: does('Everything that is asked, and how it is', 'The targets.'),
      post: {
        ...does('Ask some software from now on', 'The target, and the rules that could be made for it.', 201),
        requestBody: body(newTarget),
      },
    },
    '/v1/targets/probe': {
      post: {
        ...does('Ask once and keep nothing', 'What it tells now, in words.'),
        requestBody: body(newTarget),
      },
    },
    '/v1/targets/{id}': {
      patch: {
        ...does('Leave it alone, or ask it again', 'The target.'),
        parameters: [target],
        requestBody: body(targetChange),
      },
      delete: { ...does('Ask it no longer', 'Done.'), parameters: [target] },
    },
    '/v1/heartbeats': {
      get: does('The heartbeats, and when they last came', 'The heartbeats.'),
      post: {
        ...does(
          'A new heartbeat with its two rules',
          'Its path below this server, which is shown this once.',
          201,
        ),
        requestBody: body(newHeartbeat),
      },
    },
    '/v1/heartbeats/{id}': {
      delete: { ...does('Wait for it no longer; its rules end with it', 'Done.'), parameters: [heartbeat] },
    },
    '/v1/heartbeats/{id}/renew': {
      post: { ...does('Another address; the old one is nobody’s', 'Its path.'), parameters: [heartbeat] },
    },
    '/v1/ping/{token}': {
      get: ping('All is well'),
      post: ping('All is well; what is posted is kept'),
      put: ping('All is well; what is put is kept'),
    },
    '/v1/ping/{token}/{what}': {
      get: ping('It begins, failed, says something, or ended', [what]),
      post: ping('The same; what is posted is kept', [what]),
      put: ping('The same; what is put is kept', [what]),
    },
  };
}

function ping(summary: string, more: object[] = []): object {
  return {
    summary,
    security: [],
    parameters: [token, ...more, run],
    responses: {
      200: { description: 'Taken and committed.', content: { 'text/plain': {} } },
      404: { description: 'There is no such heartbeat.', content: { 'text/plain': {} } },
      429: { description: 'Slower, please.', content: { 'text/plain': {} } },
      503: { description: 'Not taken; call again.', content: { 'text/plain': {} } },
    },
  };
}
