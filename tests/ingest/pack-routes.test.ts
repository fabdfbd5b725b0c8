// Packs over HTTP, with a key of the scope `admin`.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindBook } from '#evaluate/kind-book.ts';
import { ingestRoutes } from '#ingest/routes.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let app: ReturnType<typeof ingestRoutes>;
beforeAll(async () => {
  door = await openDoor();
  app = ingestRoutes({ world: door.world, now: () => door.clock.now, kinds: kindBook });
});
afterAll(async () => {
  await app.close();
  await door.close();
});

async function ask(method: string, path: string, body?: unknown) {
  const response = await app.request(path, {
    method,
    headers: { authorization: `Bearer ${bootstrap}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: every answer has another shape.
  return { status: response.status, json: (await response.json()) as any };
}

const rule = {
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: '{{limit}}' },
};
const document = {
  title: 'Disks',
  asks: [{ name: 'limit', label: 'Fullest disk', input: 'number', usual: 90 }],
  rules: [rule],
};

it('are offered, read, made anew and taken back', async () => {
  const made = await ask('POST', '/v1/packs', document);
  expect(made).toMatchObject({ status: 201, json: { pack: { title: 'Disks', version: 1 } } });
  const path = `/v1/packs/${made.json.pack.id}`;
  expect((await ask('GET', path)).json.pack.rules).toEqual([rule]);
  expect((await ask('PUT', path, { ...document, title: 'All disks' })).json.pack).toMatchObject({
    version: 2,
  });
  expect((await ask('PUT', path, { ...document, title: 'All disks' })).json.pack).toMatchObject({
    version: 2,
  });
  expect((await ask('GET', '/v1/packs')).json.packs).toHaveLength(1);
  expect((await ask('DELETE', path)).status).toBe(200);
  expect((await ask('DELETE', path)).status).toBe(404);
  expect((await ask('GET', path)).status).toBe(404);
  expect((await ask('GET', '/v1/packs')).json.packs).toEqual([]);
});

it('are refused with every fault by its path', async () => {
  const bad = {
    ...document,
    rules: [
      { ...rule, topic: 'no topic' },
      { ...rule, params: { field: 'usage' } },
    ],
  };
  const { status, json } = await ask('POST', '/v1/packs', bad);
  expect(status).toBe(422);
  expect(json.errors.map(({ path }: { path: string }) => path)).toEqual(
    expect.arrayContaining(['rules.0.topic', 'rules.1.params.op', 'rules.1.params.limit']),
  );
  expect(
    (await ask('POST', '/v1/packs', { title: 'x', rules: [{ topic: '{{who}}' }] })).json.errors,
  ).toMatchObject([{ path: 'rules.0' }]);
  expect((await ask('PUT', '/v1/packs/k_none', document)).status).toBe(404);
});
