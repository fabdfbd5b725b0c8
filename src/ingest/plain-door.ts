// The way of most events, below the router: POST /v1/events answered on Node's own request and response.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from '#operations/world.ts';
import { type Asked, askedOfNode } from './asked.ts';
import { bodyLimits } from './body.ts';
import type { Format } from './format.ts';
import { namesOf, type Problem, problems, problemText } from './problem.ts';
import type { Push } from './push.ts';
import type { Taken } from './taken.ts';

/** What is answered: headers are names and values in turns, without the length. */
interface PlainAnswer {
  status: number;
  headers: readonly string[];
  body: string;
}

export interface PlainDoor {
  /** Answers the request and says so, or leaves it to the router. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same for a request that is there as a whole: its answer, or undefined for the router's. */
  answer(request: Whole): Promise<PlainAnswer> | undefined;
}

/** A POST without an encoding of its transfer, of as many bytes as it promised. */
interface Whole {
  head: { url: string; headers: Asked['headers'] };
  body: Buffer;
}

/** Events in our own format; every check is the same as on the long way. */
export function plainDoor(world: World, way: Push, native: Format, now: () => number): PlainDoor {
  const headers = openHeaders(now);
  const words = (answer: Taken | Problem): PlainAnswer =>
    'accepted' in answer
      ? { status: 202, headers: headers().taken, body: bodyOf(answer) }
      : refused(answer, headers().all);
  const broke = (error: Error): PlainAnswer => {
    world.log.error({ method: 'POST', route: '/v1/events', ...namesOf(error) }, 'a request under /v1 failed');
    return refused(problems.broken(), headers().all);
  };
  const answerTo = (asked: Asked) => way.take(asked, native).then(words, broke);
  return {
    take(request, response) {
      const asked = askedOfNode(request);
      if (request.method !== 'POST' || !isPlain(asked)) return false;
      void answerTo(asked).then(({ status, headers, body }) => {
        if (response.headersSent || response.destroyed) return;
        response.writeHead(status, [...headers, 'Content-Length', String(Buffer.byteLength(body))]);
        response.end(body);
      });
      return true;
    },
    answer({ head: { url, headers }, body }) {
      const asked: Asked = { url, headers, whole: body, arrayBuffer: async () => body, body: null };
      if (!isPlain(asked)) return undefined;
      return answerTo(asked);
    },
  };
}

function bodyOf({ accepted, duplicates, events, kept }: Taken): string {
  return JSON.stringify({ accepted, duplicates, events, kept });
}

/** Headers of all answers, and of those that say what was taken: the same lists for a second. */
function openHeaders(now: () => number) {
  let [second, all, taken] = [Number.NaN, [] as string[], [] as string[]];
  return () => {
    const at = Math.floor(now() / 1_000);
    if (at !== second) {
      second = at;
      all = ['X-Content-Type-Options', 'nosniff', 'Date', new Date(at * 1_000).toUTCString()];
      taken = [...all, 'Content-Type', 'application/json'];
    }
    return { all, taken };
  };
}

// What is long or of unknown length is left to the router, which knows how to end it early.
function isPlain({ url, headers, whole }: Asked): boolean {
  if (!url.startsWith('/v1/events') || (url.length > 10 && url[10] !== '?')) return false;
  const length = whole?.length ?? Number(headers.get('content-length') ?? Number.NaN);
  if (!(length <= bodyLimits.body)) return false;
  const isForeign =
    headers.get('ce-specversion') !== null ||
    /^application\/cloudevents/i.test(headers.get('content-type') ?? '');
  return !isForeign;
}

function refused(problem: Problem, all: readonly string[]): PlainAnswer {
  const { body, headers } = problemText(problem);
  return { status: problem.status, headers: [...all, ...Object.entries(headers).flat()], body };
}
