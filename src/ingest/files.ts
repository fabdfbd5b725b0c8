// Files of many documents over HTTP: the form that is meant, the text that came, and pages of them as an answer.
import { isUtf8 } from 'node:buffer';
import type { Context } from 'hono';
import { type Form, printDocuments, type Takes, tooLarge } from '#operations/document-text.ts';
import type { World } from '#operations/world.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { begun } from './begun.ts';
import { readBytes } from './body.ts';
import { problemResponse, problems } from './problem.ts';

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

/** `?owner=telegram:7001`. */
export async function ownerIn(
  { database: { db } }: World,
  c: Context,
): Promise<{ ownerId?: string } | Response> {
  const said = c.req.query('owner');
  if (said === undefined) return {};
  const ownerId = await ownerNamed(db, said);
  if (ownerId !== undefined) return { ownerId };
  return problemResponse(problems.badQuery([{ path: 'owner', text: 'nobody here is called that' }]));
}

/** The text of a body that holds these things, and its form. */
export async function readFile(
  c: Context,
  takes: Takes,
): Promise<{ ok: true; form: Form; text: string } | { ok: false; response: Response }> {
  const refuse = (problem: Parameters<typeof problemResponse>[0]) => ({
    ok: false as const,
    response: problemResponse(problem),
  });
  const form = formOf(c.req.header('content-type') ?? 'application/json');
  if (!form) return refuse(problems.mediaType(`Send ${takes.noun}s as ${Object.values(typeOf).join(', ')}.`));
  const bytes = await readBytes(c.req.raw, takes.text[form]);
  if (bytes === 'broken') return refuse(problems.badBody('The body ended before it was whole.'));
  if (bytes === 'large') return refuse(problems.tooLarge(tooLarge(form, takes)));
  if (!isUtf8(bytes)) return refuse(problems.badBody('The body is not UTF-8.'));
  return { ok: true, form, text: bytes.toString('utf8').replace(/^\ufeff/, '') };
}

/** By `?format=`, or by what is accepted; JSON when nothing is said. */
export async function answerFile(
  world: World,
  c: Context,
  pages: AsyncIterable<object[]>,
): Promise<Response> {
  const wish = wishedForm(c);
  const some = await begun(world, pages);
  const body = ReadableStream.from(wish === 'json' ? jsonPages(some) : textPages(some, wish));
  return new Response(body.pipeThrough(new TextEncoderStream()), {
    headers: { 'content-type': `${typeOf[wish]}; charset=utf-8` },
  });
}

function formOf(header: string): Form | undefined {
  const name = header.split(';')[0]!.trim().toLowerCase();
  return types.find(([type]) => type.test(name))?.[1];
}

function wishedForm(c: Context): Form {
  const said = c.req.query('format');
  if (said === 'yaml' || said === 'ndjson' || said === 'json') return said;
  const accepted = (c.req.header('accept') ?? '').split(',').map(formOf);
  return accepted.find((form) => form !== undefined) ?? 'json';
}

async function* textPages(pages: AsyncIterable<object[]>, form: Form): AsyncIterable<string> {
  for await (const page of pages) yield printDocuments(page, form);
}

async function* jsonPages(pages: AsyncIterable<object[]>): AsyncIterable<string> {
  let comma = '';
  yield '[';
  for await (const page of pages) {
    yield comma + page.map((one) => JSON.stringify(one)).join(',\n');
    comma = ',\n';
  }
  yield ']\n';
}
