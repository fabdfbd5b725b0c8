// Rules over HTTP, with a key of the scope `admin`: files of them in and out, and one at a time.
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { deleteRule } from '#operations/delete-rule.ts';
import { ruleFiles } from '#operations/document-text.ts';
import { editRule } from '#operations/edit-rule.ts';
import { exportRules } from '#operations/export-rules.ts';
import { importFile } from '#operations/import-file.ts';
import type { KindBook } from '#operations/kind-book.ts';
import { documentOf } from '#operations/rule-draft.ts';
import type { World } from '#operations/world.ts';
import { findRule } from '#store/rules.ts';
import { answerFile, ownerIn, readFile } from './files.ts';
import type { KeyBook } from './key-book.ts';
import { answer, idIn, type Managing, managing, readJson } from './managing.ts';
import { problemResponse, problems } from './problem.ts';

interface Deps {
  world: World;
  keys: KeyBook;
  kinds: KindBook;
  now: () => number;
}

/** Adds `/v1/rules` and `/v1/rules/{id}`. */
export function addRuleRoutes(app: Hono, { world, keys, kinds, now }: Deps): void {
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);

  app.get(
    '/v1/rules',
    may(async ({ actor }, c) => {
      const owner = await ownerIn(world, c);
      if (owner instanceof Response) return owner;
      const found = await exportRules(world, actor, owner);
      return found.ok ? answerFile(world, c, found.pages) : answer(found);
    }),
  );
  app.post(
    '/v1/rules',
    may(async ({ actor, at }, c) => {
      const owner = await ownerIn(world, c);
      if (owner instanceof Response) return owner;
      const file = await readFile(c, ruleFiles);
      if (!file.ok) return file.response;
      const { form, text } = file;
      const done = await importFile(world, actor, { text, form, book: kinds, ...owner }, at);
      if (!done.ok) return answer(done);
      const { ok: _, faults, refused, ...taken } = done;
      if (refused === 0) return Response.json(taken, { status: taken.created > 0 ? 201 : 200 });
      return problemResponse({
        status: 422,
        code: 'invalid',
        title:
          form === 'ndjson' ? 'Some lines have faults; their thousand was not taken' : 'Nothing was taken',
        detail: `${taken.created} made, ${taken.changed} changed, ${taken.unchanged} as they were.`,
        errors: faults,
      });
    }),
  );
  app.get(
    '/v1/rules/:id',
    may(async (_, c) => {
      const rule = await findRule(world.database.db, idIn(c));
      if (!rule) return unknownRule();
      return Response.json({ id: rule.id, owner: rule.ownerId, ...documentOf(rule), version: rule.version });
    }),
  );
  app.put(
    '/v1/rules/:id',
    may(async ({ actor, at }, c) => {
      const before = await findRule(world.database.db, idIn(c));
      if (!before) return unknownRule();
      const read = await readJson(c.req.raw, z.record(z.string(), z.unknown()));
      if (!read.ok) return read.response;
      const { id: _id, owner: _owner, version: _version, ...wanted } = read.value;
      // What the new form does not say is taken away.
      const absent = Object.fromEntries(Object.keys(documentOf(before)).map((part) => [part, null]));
      const changes = { ...absent, ...wanted };
      const done = await editRule(world, actor, { ruleId: before.id, changes, book: kinds }, at);
      return done.ok ? Response.json({ id: done.rule.id, ...documentOf(done.rule) }) : answer(done);
    }),
  );
  app.delete(
    '/v1/rules/:id',
    may(async ({ actor, at }, c) => {
      const done = await deleteRule(world, actor, { ruleId: idIn(c) }, at);
      return done.ok ? new Response(null, { status: 204 }) : answer(done);
    }),
  );
}

const unknownRule = () => problemResponse(problems.notFound('There is no rule with this id.'));
