// Words that every path of the OpenAPI document is described with: parameters, bodies, answers and refusals.
import { z } from 'zod';

/** The `{id}` of a path. */
export const id = (what: string) => ({
  name: 'id',
  in: 'path',
  required: true,
  description: what,
  schema: { type: 'string' },
});
/** A parameter that may be left out. */
export const query = (name: string, description: string, schema: object = { type: 'string' }) => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
});
const json = { 'application/json': { schema: { type: 'object' } } };
/** A refusal, as a problem document. */
export const problem = (description: string) => ({
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

/** A body of JSON that this schema describes. */
export const body = (schema: z.ZodType, required = true) => ({
  required,
  content: {
    'application/json': { schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) },
  },
});
/** What a door does and answers; `status` is that of its usual success. */
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
