// What the room's management routes share: a key of the scope `admin` becomes an actor, an outcome becomes an answer.
import type { Context } from 'hono';
import { z } from 'zod';
import type { Actor } from '#core/actor.ts';
import { unclean, uncleanIn } from '#core/clean.ts';
import { instants } from '#core/instants.ts';
import type { Refusal } from '#core/outcome.ts';
import { bounds } from './accept.ts';
import { type ReadBody, readBody } from './body.ts';
import { callerOf } from './caller.ts';
import { faultsOf, join } from './fields.ts';
import type { Fault } from './format.ts';
import { type Caller, hasScope, type KeyBook } from './key-book.ts';
import { within } from './patience.ts';
import { type Problem, problemResponse, problems } from './problem.ts';

export interface Managing {
  actor: Actor;
  caller: Caller;
  at: number;
}

/** Longer than a database needs: a probe waits for somebody else's machine. */
const patienceMs = bounds.patienceMs + 60_000;

/** A route for those who may manage; everybody else gets the problem document. */
export function managing(
  keys: KeyBook,
  now: () => number,
  act: (managing: Managing, c: Context) => Promise<Response>,
): (c: Context) => Promise<Response> {
  return async (c) => {
    const at = now();
    const caller = await callerOf(keys, c.req.raw, at);
    if (!('keyId' in caller)) return problemResponse(caller);
    if (!hasScope(caller, 'admin'))
      return problemResponse(problems.forbidden('This needs a key with the scope “admin”.'));
    const { source, scopes } = caller;
    const actor: Actor = { is: 'key', sourceId: source.id, name: source.name, scopes };
    return within(patienceMs, act({ actor, caller, at }, c));
  };
}

/** The body as this schema reads it, or the answer that says what is wrong with it. */
export async function readJson<T>(request: Request, schema: z.ZodType<T>): Promise<Said<T>> {
  return checked(await readBody(request, 'envelope'), schema);
}

/** The same where all of it may be left out. A server gives every POST a stream: only its bytes tell whether there is a body. */
export async function readJsonOrNone<T>(request: Request, schema: z.ZodType<T>): Promise<Said<T>> {
  // What `curl -d ''` calls it.
  return checked(await readBody(request, 'optional', ['application/x-www-form-urlencoded']), schema);
}

type Said<T> = { ok: true; value: T } | { ok: false; response: Response };

function checked<T>(read: ReadBody, schema: z.ZodType<T>): Said<T> {
  if (!read.ok) return { ok: false, response: problemResponse(read.problem) };
  const odd = uncleanIn(read.body.json, 100).map((path) => ({ path: join('', path), text: unclean }));
  if (odd.length > 0) return { ok: false, response: problemResponse(problems.unfit(odd)) };
  const said = schema.safeParse(read.body.json);
  if (said.success) return { ok: true, value: said.data };
  return { ok: false, response: problemResponse(problems.unfit(faultsOf(said.error, '', namesIn(schema)))) };
}

/** The names of its fields, where it is an object. */
function namesIn(schema: z.ZodType): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** The result with its instants as RFC 3339 texts, or the refusal as a problem document. */
export function answer(
  outcome: ({ ok: true } & Record<string, unknown>) | ({ ok: true } & object) | Refusal,
  status = 200,
): Response {
  if (!outcome.ok) return problemResponse(problemOf(outcome));
  const { ok: _, ...result } = outcome;
  return Response.json(instants(result), { status });
}

function problemOf(refusal: Refusal & { faults?: Fault[] }): Problem {
  switch (refusal.code) {
    case 'not-found':
      return problems.notFound(refusal.text);
    case 'forbidden':
      return problems.forbidden(refusal.text);
    case 'conflict':
      return {
        status: 409,
        code: 'conflict',
        title: 'It cannot be done as things are',
        detail: refusal.text,
      };
    case 'invalid':
      return { ...problems.unfit(refusal.faults ?? []), detail: refusal.text };
  }
}

/** The `:id` of the address, cut where no id of ours is that long. */
export const idIn = (c: Context) => (c.req.param('id') ?? '').slice(0, 64);
