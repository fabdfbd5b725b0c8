// Rules over HTTP, with a key of the scope `admin`: files of them in and out, and one at a time.
import { isUtf8 } from 'node:buffer';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { deleteRule } from '#operations/delete-rule.ts';
import { editRule } from '#operations/edit-rule.ts';
import { type Exported, exportRules } from '#operations/export-rules.ts';
import { importFile } from '#operations/import-file.ts';
import type { KindBook } from '#operations/kind-book.ts';
import { documentOf } from '#operations/rule-draft.ts';
import { type Form, mostText, printRules, tooLarge } from '#operations/rule-text.ts';
import type { World } from '#operations/world.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { findRule } from '#store/rules.ts';
import { begun } from './begun.ts';
import { readBytes } from './body.ts';
import type { KeyBook } from './key-book.ts';
import { answer, type Managing, managing, readJson } from './managing.ts';
import { problemResponse, problems } from './problem.ts';

interface Deps {
  world: World;
  keys: KeyBook;
  kinds: KindBook;
  now: () => number;
}

const types: [RegExp, Form][] = [
  [/^(application|text)\/(x-)?yaml$/, 'yaml'],
  [/^application\/(x-)?(ndjson|jsonl|json-lines)$/, 'ndjson'],
  [/^application\/json$/, 'json'],
];
const typeOf: Record<Form, string> = {
  yaml: 'application/yaml',
  ndjson: 'application/x-ndjson',
  json: 'application/json',
};

/** Adds `/v1/rules` and `/v1/rules/{id}`. */
export function addRuleRoutes(app: Hono, { world, keys, kinds, now }: Deps): void {
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);

  app.get(
    '/v1/rules',
    may(async ({ actor }, c) => {
      const owner = await ownerIn(world, c);
      if (owner instanceof Response) return owner;
      const wish = wishedForm(c);
      const found = await exportRules(world, actor, owner);
      if (!found.ok) return answer(found);
      const pages = await begun(world, found.pages);
      const body = ReadableStream.from(wish === 'json' ? jsonPages(pages) : textPages(pages, wish));
      return new Response(body.pipeThrough(new TextEncoderStream()), {
        headers: { 'content-type': `${typeOf[wish]}; charset=utf-8` },
      });
    }),
  );
  app.post(
    '/v1/rules',
    may(async ({ actor, at }, c) => {
      const owner = await ownerIn(world, c);
      if (owner instanceof Response) return owner;
      const form = formOf(c.req.header('content-type') ?? 'application/json');
      if (!form)
        return problemResponse(problems.mediaType(`Send rules as ${Object.values(typeOf).join(', ')}.`));
      const bytes = await readBytes(c.req.raw, mostText[form]);
      if (bytes === 'broken') return problemResponse(problems.badBody('The body ended before it was whole.'));
      if (bytes === 'large') return problemResponse(problems.tooLarge(tooLarge(form)));
      if (!isUtf8(bytes)) return problemResponse(problems.badBody('The body is not UTF-8.'));
      const text = bytes.toString('utf8').replace(/^\ufeff/, '');
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

const idIn = (c: Context) => (c.req.param('id') ?? '').slice(0, 64);
const unknownRule = () => problemResponse(problems.notFound('There is no rule with this id.'));

/** `?owner=telegram:7001`. */
async function ownerIn({ database: { db } }: World, c: Context): Promise<{ ownerId?: string } | Response> {
  const said = c.req.query('owner');
  if (said === undefined) return {};
  const ownerId = await ownerNamed(db, said);
  if (ownerId !== undefined) return { ownerId };
  return problemResponse(problems.badQuery([{ path: 'owner', text: 'nobody here is called that' }]));
}

function formOf(header: string): Form | undefined {
  const name = header.split(';')[0]!.trim().toLowerCase();
  return types.find(([type]) => type.test(name))?.[1];
}

/** By `?format=`, or by what is accepted; JSON when nothing is said. */
function wishedForm(c: Context): Form {
  const said = c.req.query('format');
  if (said === 'yaml' || said === 'ndjson' || said === 'json') return said;
  const accepted = (c.req.header('accept') ?? '').split(',').map(formOf);
  return accepted.find((form) => form !== undefined) ?? 'json';
}

async function* textPages(pages: AsyncIterable<Exported[]>, form: Form): AsyncIterable<string> {
  for await (const page of pages) yield printRules(page, form);
}

async function* jsonPages(pages: AsyncIterable<Exported[]>): AsyncIterable<string> {
  let comma = '';
  yield '[';
  for await (const page of pages) {
    yield comma + page.map((one) => JSON.stringify(one)).join(',\n');
    comma = ',\n';
  }
  yield ']\n';
}
