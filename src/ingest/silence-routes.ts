// Silences over HTTP, with a key of the scope `admin`: the same operations as in the chat.
import type { Context, Hono } from 'hono';
import { refuse } from '#core/outcome.ts';
import { readDocuments, silenceFiles } from '#operations/document-text.ts';
import { exportSilences, printSilences, type Which } from '#operations/export-silences.ts';
import { importSilences } from '#operations/import-silences.ts';
import { liftSilence } from '#operations/lift-silence.ts';
import type { World } from '#operations/world.ts';
import { findSilence } from '#store/silences.ts';
import { answerFile, ownerIn, readFile } from './files.ts';
import type { KeyBook } from './key-book.ts';
import { answer, idIn, type Managing, managing } from './managing.ts';
import { problemResponse, problems } from './problem.ts';

/** Adds `/v1/silences` and `/v1/silences/{id}`. */
export function addSilenceRoutes(
  app: Hono,
  { world, keys, now }: { world: World; keys: KeyBook; now: () => number },
): void {
  const { db } = world.database;
  const may = (act: (managing: Managing, c: Context) => Promise<Response>) => managing(keys, now, act);

  app.get(
    '/v1/silences',
    may(async ({ actor, at }, c) => {
      const owner = await ownerIn(world, c);
      if (owner instanceof Response) return owner;
      const state = c.req.query('state') as Which['state'];
      const found = await exportSilences(world, actor, { ...owner, ...(state ? { state } : {}) }, at);
      return found.ok ? answerFile(world, c, found.pages) : answer(found);
    }),
  );
  app.post(
    '/v1/silences',
    may(async ({ actor, at }, c) => {
      const owner = await ownerIn(world, c);
      if (owner instanceof Response) return owner;
      const file = await readFile(c, silenceFiles);
      if (!file.ok) return file.response;
      const read = readDocuments(file.text, file.form, silenceFiles);
      if (!read.ok) return problemResponse(problems.unfit(read.faults));
      const done = await importSilences(world, actor, { written: read.documents, ...owner }, at);
      if (!done.ok) return answer(done);
      const { ok: _, silences, ...counts } = done;
      const body = { ...counts, silences: await printSilences(db, silences, at) };
      return Response.json(body, { status: done.created > 0 ? 201 : 200 });
    }),
  );
  app.get(
    '/v1/silences/:id',
    may(async ({ at }, c) => {
      const found = await findSilence(db, idIn(c));
      if (!found) return answer(refuse('not-found', 'There is no silence with this id.'));
      return Response.json((await printSilences(db, [found], at))[0]);
    }),
  );
  app.delete(
    '/v1/silences/:id',
    may(async ({ actor, at }, c) => answer(await liftSilence(world, actor, { silenceId: idIn(c) }, at))),
  );
}
