// Actions over HTTP, with a key of the scope `admin`: declared here, pressed in the chat.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { printCondition } from '#core/condition.ts';
import type { ActionBook } from '#operations/action-book.ts';
import { type ActionInput, declareAction } from '#operations/declare-action.ts';
import {
  listActions,
  listActs,
  readAction,
  type Shown,
  tryAction,
  withoutSecret,
} from '#operations/list-actions.ts';
import { removeAction } from '#operations/remove-action.ts';
import type { World } from '#operations/world.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';
import { body, does, id, query } from './openapi-words.ts';

const newAction = z.strictObject({
  name: z.string('what it is called, such as restart'),
  title: z.string().optional().describe('On the button.'),
  kind: z.string().optional().describe('http unless told.'),
  params: z.record(
    z.string(),
    z.unknown(),
    'what it does, such as {"url": "https://ops.example.org/restart/{subject}"}',
  ),
  topic: z.string('which alerts carry it: a topic pattern'),
  match: z.array(z.string()).optional().describe('Conditions on the alert’s labels and fields.'),
  may: z
    .strictObject({ roles: z.array(z.string()).optional(), people: z.array(z.string()).optional() })
    .optional()
    .describe('Who may press it; admins and owners unless told.'),
  confirm: z.boolean().optional().describe('Asked once more before it happens; true unless told.'),
  idempotent: z.boolean().optional().describe('May be tried again by itself; false unless told.'),
  perHour: z.number().int().optional(),
});
const tried = z.strictObject({ alert: z.string('the id of an alert') });

interface Deps {
  world: World;
  keys: KeyBook;
  actions: ActionBook;
  now: () => number;
}

/** Adds `/v1/actions`, what is below it, and `/v1/acts`. */
export function addActionRoutes(app: Hono, { world, keys, actions, now }: Deps): void {
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);
  const named = (c: Context) => ({ action: c.req.param('id') ?? '' });

  app.get(
    '/v1/actions',
    may(async ({ actor }) => {
      const done = await listActions(world, actor);
      return answer(done.ok ? { ok: true, actions: done.actions.map(actionOf) } : done);
    }),
  );
  app.post(
    '/v1/actions',
    may(async ({ actor, at }, c) => {
      const read = await readJson(c.req.raw, newAction);
      if (!read.ok) return read.response;
      const given = Object.entries(read.value).filter(([, value]) => value !== undefined);
      const input = Object.fromEntries(given) as unknown as ActionInput;
      const done = await declareAction(world, actions, actor, input, at);
      if (!done.ok) return answer(done);
      const { action, isNew, secret } = done;
      const shown = {
        ok: true as const,
        action: actionOf(withoutSecret(action)),
        ...(secret ? { secret } : {}),
      };
      return answer(shown, isNew ? 201 : 200);
    }),
  );
  app.get(
    '/v1/actions/:id',
    may(async ({ actor }, c) => {
      const done = await readAction(world, actor, named(c));
      return answer(done.ok ? { ok: true, action: actionOf(done.action) } : done);
    }),
  );
  app.delete(
    '/v1/actions/:id',
    may(async ({ actor, at }, c) => answer(await removeAction(world, actor, named(c), at))),
  );
  app.post(
    '/v1/actions/:id/try',
    may(async ({ actor, at }, c) => {
      const read = await readJson(c.req.raw, tried);
      if (!read.ok) return read.response;
      return answer(await tryAction(world, actions, actor, { ...named(c), alertId: read.value.alert }, at));
    }),
  );
  app.get(
    '/v1/acts',
    may(async ({ actor }, c) => {
      // Whatever stands in the address was held against the description before.
      const { before, action, limit = 50 } = c.req.query();
      const page = {
        limit: Number(limit),
        ...(before === undefined ? {} : { before: Date.parse(before) }),
        ...(action === undefined ? {} : { action }),
      };
      return answer(await listActs(world, actor, page));
    }),
  );
}

const actionOf = ({ match, ...rest }: Shown) => ({ ...rest, match: match.map(printCondition) });

const action = id('The action’s name or id.');

/** The paths below /v1/actions and /v1/acts. */
export function actionPaths(): object {
  return {
    '/v1/actions': {
      get: does('What may be done because of alerts', 'The actions.'),
      post: {
        ...does(
          'Declare an action, or change the one of this name',
          'The action; the secret by which it signs is shown when it is new.',
          201,
        ),
        requestBody: body(newAction),
      },
    },
    '/v1/actions/{id}': {
      get: { ...does('One action', 'The action.'), parameters: [action] },
      delete: { ...does('No alert carries it any more', 'Done.'), parameters: [action] },
    },
    '/v1/actions/{id}/try': {
      post: {
        ...does('What it would send for an alert; nothing is sent', 'The request.'),
        parameters: [action],
        requestBody: body(tried),
      },
    },
    '/v1/acts': {
      get: {
        ...does('Each time that an action was wanted, and what came of it, newest first', 'The acts.'),
        parameters: [
          query('action', 'Only of this action.'),
          query('before', 'Only those asked for before this instant.', {
            type: 'string',
            format: 'date-time',
          }),
          query('limit', 'At most so many.', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
        ],
      },
    },
  };
}
