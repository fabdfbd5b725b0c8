// The way of most events, below the router: POST /v1/events answered on Node's own request and response.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '#operations/world.ts';
import { askedOfNode } from './asked.ts';
import { bodyLimits } from './body.ts';
import type { Format } from './format.ts';
import { namesOf, type Problem, problems, problemText } from './problem.ts';
import type { Push } from './push.ts';

/** Answers the request and says so, or leaves it to the router. */
export type PlainDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Events in our own format; every check is the same as on the long way. */
export function plainDoor(world: World, way: Push, native: Format): PlainDoor {
  return (request, response) => {
    if (!isPlain(request)) return false;
    way.take(askedOfNode(request), native).then(
      (answer) => {
        if (!('accepted' in answer)) return refuse(response, answer);
        const { accepted, duplicates, events, kept } = answer;
        const body = JSON.stringify({ accepted, duplicates, events, kept });
        const length = Buffer.byteLength(body);
        response.writeHead(202, [...taken, String(length)]);
        response.end(body);
      },
      (error: Error) => {
        world.log.error(
          { method: 'POST', route: '/v1/events', ...namesOf(error) },
          'a request under /v1 failed',
        );
        refuse(response, problems.broken());
      },
    );
    return true;
  };
}

const common = ['X-Content-Type-Options', 'nosniff'];
const taken = [...common, 'Content-Type', 'application/json', 'Content-Length'];

// What is long or of unknown length is left to the router, which knows how to end it early.
function isPlain({ method, url = '', headers }: IncomingMessage): boolean {
  if (method !== 'POST' || !url.startsWith('/v1/events') || (url.length > 10 && url[10] !== '?'))
    return false;
  const length = Number(headers['content-length']);
  if (!(length <= bodyLimits.body)) return false;
  const isForeign =
    headers['ce-specversion'] !== undefined ||
    /^application\/cloudevents/i.test(headers['content-type'] ?? '');
  return !isForeign;
}

function refuse(response: ServerResponse, problem: Problem): void {
  if (response.headersSent || response.destroyed) return;
  const { body, headers } = problemText(problem);
  const length = String(Buffer.byteLength(body));
  response.writeHead(problem.status, [
    ...common,
    ...Object.entries(headers).flat(),
    'Content-Length',
    length,
  ]);
  response.end(body);
}
