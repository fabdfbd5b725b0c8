// Refusals as RFC 9457 problem documents.
import { sqlState } from '#store/connection.ts';
import type { Fault } from './format.ts';

export interface Problem {
  status: number;
  /** A closed set of words, the end of the document's `type`. */
  code: string;
  title: string;
  detail?: string;
  errors?: Fault[];
  headers?: Record<string, string>;
}

/** The response that carries the problem. */
export function problemResponse(problem: Problem): Response {
  const { body, headers } = problemText(problem);
  return new Response(body, { status: problem.status, headers });
}

/** Its text and headers. */
export function problemText({ status, code, title, detail, errors, headers }: Problem) {
  const document = { type: `urn:tocsin:problem:${code}`, title, status, detail, errors };
  return {
    body: JSON.stringify(document),
    headers: { 'content-type': 'application/problem+json', ...headers },
  };
}

export const problems = {
  unauthorized: (): Problem => ({
    status: 401,
    code: 'unauthorized',
    title: 'A valid key is needed',
    detail: 'Send it as “Authorization: Bearer <key>”, or as ?key= where no header can be set.',
    headers: { 'www-authenticate': 'Bearer' },
  }),
  unsigned: (detail: string): Problem => ({
    status: 401,
    code: 'unsigned',
    title: 'The body is not signed as it should be',
    detail,
  }),
  forbidden: (detail: string, errors?: Fault[]): Problem => ({
    status: 403,
    code: 'forbidden',
    title: 'This key may not do that',
    detail,
    ...(errors && { errors }),
  }),
  notFound: (detail: string): Problem => ({
    status: 404,
    code: 'not_found',
    title: 'Nothing is here',
    detail,
  }),
  methodNotAllowed: (allow: string): Problem => ({
    status: 405,
    code: 'method_not_allowed',
    title: 'This cannot be done here',
    detail: `Use ${allow}.`,
    headers: { allow },
  }),
  badBody: (detail: string, errors?: Fault[]): Problem => ({
    status: 400,
    code: 'bad_body',
    title: 'The body cannot be read',
    detail,
    ...(errors && { errors }),
  }),
  badQuery: (errors: Fault[]): Problem => ({
    status: 400,
    code: 'bad_query',
    title: 'The query cannot be read',
    detail: errors
      .map(({ path, text }) => `${path}: ${text}`)
      .join('; ')
      .slice(0, 400),
    errors,
  }),
  invalid: (errors: Fault[]): Problem => ({
    status: 422,
    code: 'invalid_event',
    title: 'Nothing was taken: the body has faults',
    detail: errors.length === 1 ? 'One fault was found.' : `${errors.length} faults were found.`,
    errors,
  }),
  /** What was asked for, where it is no event. */
  unfit: (errors: Fault[]): Problem => ({
    status: 422,
    code: 'invalid',
    title: 'Nothing was done: what was sent has faults',
    ...(errors.length > 0 ? { errors } : {}),
  }),
  tooLarge: (detail: string, errors?: Fault[]): Problem => ({
    status: 413,
    code: 'too_large',
    title: 'Too much at once',
    detail,
    ...(errors && { errors }),
  }),
  mediaType: (detail: string): Problem => ({
    status: 415,
    code: 'media_type',
    title: 'Not a form we read',
    detail,
  }),
  reused: (errors: Fault[]): Problem => ({
    status: 409,
    code: 'event_id_reused',
    title: 'Nothing was taken: an id names another event',
    detail: 'An event with this id and source was taken before, with other content.',
    errors,
  }),
  tooFast: (seconds: number, detail: string): Problem => ({
    status: 429,
    code: 'too_fast',
    title: 'Slower, please',
    detail,
    headers: { 'retry-after': String(seconds) },
  }),
  away: (): Problem => ({
    status: 503,
    code: 'unavailable',
    title: 'The database is not there',
    detail: 'Nothing is known to be taken. Send the same again; with ids nothing is taken twice.',
    headers: { 'retry-after': '2' },
  }),
  broken: (): Problem => ({
    status: 500,
    code: 'broken',
    title: 'This is our mistake',
    detail: 'It was noted.',
  }),
};

/** A failure by its names, for the log: its words may hold what was sent. */
export function namesOf(error: Error): { error: string; code: string } {
  return { error: error.name, code: sqlState(error) ?? 'none' };
}
