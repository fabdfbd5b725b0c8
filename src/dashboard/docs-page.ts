// /docs: the description of every door, for people to read: what it is for, what it takes, and a line to try it.
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import type { Json } from '#core/json.ts';
import { htmlPage, type Markup, markup } from './html-page.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema?: Schema;
}
interface Schema {
  type?: string | string[];
  enum?: Json[];
  const?: Json;
  default?: Json;
  description?: string;
  example?: Json;
  examples?: Json[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  $ref?: string;
}
interface Content {
  schema?: Schema;
  example?: Json;
  examples?: Record<string, { summary?: string; value: Json }>;
}
interface Door {
  summary?: string;
  description?: string;
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Content> };
  responses?: Record<string, { description: string }>;
}
export interface Description {
  info: { title: string; version: string };
  paths: Record<string, Record<string, Door> & { parameters?: unknown }>;
  components: { schemas: Record<string, Schema> };
}

const verbs = ['get', 'post', 'put', 'patch', 'delete'];

/** Answers /docs; the description is asked for once. */
export function docsPages({ describe, url }: { describe: () => object; url: string }): Hono {
  const app = new Hono();
  let page: Response | undefined;
  const css = readFileSync(new URL('./web/docs.css', import.meta.url), 'utf8');
  app.get('/docs/docs.css', () => {
    const headers = { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' };
    return new Response(css, { headers });
  });
  app.get('/docs', () => {
    page ??= render(describe() as Description, url);
    return page.clone();
  });
  return app;
}

function render(description: Description, url: string): Response {
  const parts = new Map<string, Markup[]>();
  const index = new Map<string, Markup[]>();
  for (const [path, doors] of Object.entries(description.paths))
    for (const verb of verbs) {
      const own = doors[verb];
      if (!own) continue;
      const shared = (doors.parameters as Parameter[] | undefined) ?? [];
      const door = { ...own, parameters: [...shared, ...(own.parameters ?? [])] };
      const part = partOf(path);
      const id = `${verb}${path.replace(/[^a-z0-9]+/gi, '-')}`.replace(/-+$/, '');
      parts.set(part, [...(parts.get(part) ?? []), one(description, { verb, path, door, id, url })]);
      index.set(part, [
        ...(index.get(part) ?? []),
        markup`<li><a href="#${id}"><code>${verb.toUpperCase()} ${path}</code></a> ${door.summary}</li>`,
      ]);
    }
  const names = [...parts.keys()].sort(
    (a, b) => Number(b === 'events') - Number(a === 'events') || a.localeCompare(b),
  );
  const body = markup`<header><h1>Tocsin over HTTP</h1>
<p>Everything that services, programs and operators can do here. The same as a document for machines:
<a href="/v1/openapi.json">/v1/openapi.json</a>.</p>
<p>Send the key as <code>Authorization: Bearer &lt;key&gt;</code>; a key has scopes (ingest, read, admin) and topics.
What is wrong is answered with a problem document (RFC 9457) that names each fault. The lines below expect the key in
<code>$KEY</code>.</p></header>
<nav aria-label="All doors">${names.map((name) => markup`<details><summary>${name}</summary><ul>${index.get(name)}</ul></details>`)}</nav>
<main>${names.map((name) => markup`<section><h2 id="${name}">${name}</h2>${parts.get(name)}</section>`)}</main>`;
  return htmlPage(200, 'Over HTTP', body, { style: '/docs/docs.css', csp: "style-src 'self'" });
}

interface Asked {
  verb: string;
  path: string;
  door: Door;
  id: string;
  url: string;
}

function one(description: Description, asked: Asked): Markup {
  const { verb, path, door, id } = asked;
  const { summary, description: more, parameters = [], responses = {} } = door;
  const takes = Object.keys(door.requestBody?.content ?? {});
  return markup`<article id="${id}"><h3><code><b>${verb.toUpperCase()}</b> ${path}</code></h3>
<p>${summary}.</p>${more && markup`<p>${more}</p>`}
${parameters.length > 0 && markup`<table><thead><tr><th>parameter</th><th>in</th><th>means</th></tr></thead><tbody>${parameters.map(row)}</tbody></table>`}
${takes.length > 0 && markup`<p class="quiet">Takes ${takes.join(', ')}.</p>`}
<pre tabindex="0">${curl(description, asked)}</pre>
<ul class="answers">${Object.entries(responses).map(([status, said]) => markup`<li><b>${status}</b> ${said.description}</li>`)}</ul></article>`;
}

function row({ name, in: where, required, description, schema = {} }: Parameter): Markup {
  const words = [
    description ?? schema.description,
    schema.enum && `one of ${schema.enum.join(', ')}`,
    schema.default !== undefined && `default ${String(schema.default)}`,
    required === true && where !== 'path' && 'needed',
  ].filter((word) => typeof word === 'string');
  return markup`<tr><td><code>${name}</code></td><td>${where}</td><td>${words.join('; ')}</td></tr>`;
}

/** A line to paste; what stands in braces is to be filled in. */
function curl(description: Description, { verb, path, door, url }: Asked): string {
  const content = door.requestBody?.content ?? {};
  const type = Object.keys(content)[0];
  const text = type === undefined ? undefined : bodyOf(description, content[type]!);
  const open = door.security !== undefined && door.security.length === 0;
  const stream = Object.keys(door.responses ?? {}).length > 0 && path.endsWith('/stream');
  return [
    `curl ${stream ? '-N ' : '-sS '}${verb === 'get' ? '' : `-X ${verb.toUpperCase()} `}'${url}${path}'`,
    ...(open ? [] : [`  -H "Authorization: Bearer $KEY"`]),
    ...(text === undefined ? [] : [`  -H 'Content-Type: ${type}'`, `  -d ${quoted(text)}`]),
  ].join(' \\\n');
}

function bodyOf(description: Description, { example, examples, schema }: Content): string {
  const given = example ?? Object.values(examples ?? {})[0]?.value ?? sample(description, schema ?? {}, 0);
  return typeof given === 'string' ? given : JSON.stringify(given);
}

/** Something that the schema would take, in its shortest form. */
function sample(description: Description, schema: Schema, depth: number): Json {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return sample(description, description.components.schemas[name] ?? {}, depth + 1);
  const said = schema.example ?? schema.examples?.[0] ?? schema.const ?? schema.enum?.[0] ?? schema.default;
  if (said !== undefined) return said;
  const first = schema.oneOf?.[0] ?? schema.anyOf?.[0];
  if (first) return sample(description, first, depth + 1);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'array') return depth > 4 ? [] : [sample(description, schema.items ?? {}, depth + 1)];
  if (type === 'number' || type === 'integer') return 1;
  if (type === 'boolean') return true;
  if (type === 'string') return '…';
  const { properties = {}, required = [] } = schema;
  if (depth > 4) return {};
  const wanted = required.length > 0 ? required : Object.keys(properties).slice(0, 3);
  return Object.fromEntries(
    wanted.map((field) => [field, sample(description, properties[field] ?? {}, depth + 1)]),
  );
}

/** As a shell takes it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `/v1/rules/{id}` is about rules; what is another system's own stands together. */
function partOf(path: string): string {
  const [, root = '', name = ''] = path.split('/');
  if (root !== 'v1') return 'other systems’ own APIs';
  return { in: 'events', ping: 'heartbeats', keys: 'sources', modules: 'targets' }[name] ?? name;
}
