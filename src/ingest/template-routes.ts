// How topics are worded, over HTTP with a key of the scope `admin`: the same operations as in the chat.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { listTemplates } from '#operations/list-templates.ts';
import { removeTemplate } from '#operations/remove-template.ts';
import { setTemplate } from '#operations/set-template.ts';
import type { TemplateBook } from '#operations/template-book.ts';
import type { World } from '#operations/world.ts';
import { findAlert } from '#store/find-alerts.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';
import { problemResponse, problems } from './problem.ts';

const text = z.string('must be text').max(4000, 'has more than 4,000 characters').optional();
export const previewed = z.strictObject({
  title: text,
  text,
  over: text,
  units: z.record(z.string(), z.string()).optional(),
  alert: z.string('the id of an alert').max(64).optional(),
});
const whole = z.record(z.string(), z.unknown());

interface Deps {
  world: World;
  keys: KeyBook;
  templates: TemplateBook;
  now: () => number;
}

/** Adds `/v1/templates`, `/v1/templates/preview` and `/v1/templates/{topic}`. */
export function addTemplateRoutes(app: Hono, { world, keys, templates, now }: Deps): void {
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);
  const put = async ({ actor, at }: Managing, c: Context) => {
    const body = await readJson(c.req.raw, whole);
    if (!body.ok) return body.response;
    const named = c.req.param('topic');
    const template = named === undefined ? body.value : { ...body.value, topic: named };
    const done = await setTemplate(world, actor, { template, book: templates }, at);
    if (!done.ok && done.faults) return problemResponse(problems.unfit(done.faults));
    return answer(done);
  };

  app.get(
    '/v1/templates',
    may(async ({ actor }) => answer(await listTemplates(world, actor))),
  );
  app.post('/v1/templates', may(put));
  app.post(
    '/v1/templates/preview',
    may(async ({ at }, c) => {
      const body = await readJson(c.req.raw, previewed);
      if (!body.ok) return body.response;
      const { title, text, over, units, alert: id } = body.value;
      const alert = id === undefined ? undefined : await findAlert(world.database.db, id);
      if (id !== undefined && !alert)
        return problemResponse(problems.notFound('There is no alert with this id.'));
      const wording = Object.fromEntries(
        Object.entries({ title, text, over }).filter(([, part]) => part !== undefined && part !== ''),
      );
      const about = { zone: world.defaultZone, ...(units ? { units } : {}), ...(alert ? { alert } : {}) };
      return Response.json({ ...templates.preview(wording, about, at), variables: templates.variables });
    }),
  );
  app.put('/v1/templates/:topic', may(put));
  app.delete(
    '/v1/templates/:topic',
    may(async ({ actor, at }, c) =>
      answer(await removeTemplate(world, actor, { topic: c.req.param('topic') ?? '' }, at)),
    ),
  );
}
