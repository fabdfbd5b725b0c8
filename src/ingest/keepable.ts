// What no ledger can keep, refused before any route looks for it: the character NUL in an address.
import type { MiddlewareHandler } from 'hono';
import { problemResponse, problems } from './problem.ts';

/** Events and the calls of jobs are taken with whatever stands in their address; NUL is left out of them. */
const takesAnything = /^\/v1\/(in|ping)\//;

/** A path with NUL in it names nothing; a query with NUL is refused by its name. */
export const refuseNul: MiddlewareHandler = async (c, next) => {
  const { url } = c.req;
  if (!url.includes('%00')) return next();
  const query = url.indexOf('?');
  if ((query < 0 ? url : url.slice(0, query)).includes('%00'))
    return problemResponse(problems.notFound('No name here holds the character NUL (%00).'));
  const isPush = c.req.method === 'POST' && c.req.path === '/v1/events';
  if (takesAnything.test(c.req.path) || isPush) return next();
  const faults = Object.entries(c.req.queries()).flatMap(([name, values]) =>
    [name, ...values].some((text) => text.includes('\0'))
      ? [{ path: name.replaceAll('\0', '').slice(0, 60), text: 'must not hold the character NUL (%00)' }]
      : [],
  );
  return problemResponse(problems.badQuery(faults));
};
