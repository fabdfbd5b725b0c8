// Targets and heartbeats over HTTP: who may, what is refused with which path, and that the description names them.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { kindBook } from '#evaluate/kind-book.ts';
import { openModuleBook } from '#ingest/module-book.ts';
import { ingestRoutes } from '#ingest/routes.ts';
import { createKey } from '#operations/create-key.ts';
import type { Outbound } from '#outbound/fetch.ts';
import { savePerson } from '#store/people.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

const page = 'node_memory_MemAvailable_bytes 20\nnode_memory_MemTotal_bytes 100\n';
const ask: Outbound = async () => ({
  is: 'answer',
  status: 200,
  headers: {},
  body: Buffer.from(page),
  truncated: false,
  ms: 1,
});
let door: Door;
let app: ReturnType<typeof ingestRoutes>;
let reader: string;

beforeAll(async () => {
  door = await openDoor();
  const now = () => door.clock.now;
  app = ingestRoutes({ world: door.world, now, modules: openModuleBook(ask), kinds: kindBook });
  const made = await createKey(
    door.world,
    { is: 'operator', name: 'x' },
    { source: 'r', scopes: ['read'] },
    now(),
  );
  if (!made.ok) throw new Error(made.text);
  reader = made.key;
  await savePerson(door.database.db, {
    id: 'p_ana',
    telegramId: 7001,
    name: 'Ana',
    username: null,
    role: 'owner',
    zone: 'Europe/Berlin',
    morning: 540,
    quiet: null,
    createdAt: now(),
    leftAt: null,
  });
});
afterAll(async () => {
  await app.close();
  await door.close();
});
beforeEach(async () => {
  await door.database.sql`truncate targets, heartbeats`;
});

async function call(method: string, path: string, body?: unknown, key = bootstrap) {
  const answer = await app.request(path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  return { status: answer.status, json: (await answer.json()) as any };
}

it('looks, adds, lists, pauses and removes', async () => {
  const laptop = { module: 'host', name: 'laptop', every: '1m', timeout: '5s' };
  const look = await call('POST', '/v1/targets/probe', laptop);
  expect(look).toMatchObject({ status: 200, json: { name: 'laptop', shown: [{ topic: 'host.memory' }] } });
  const added = await call('POST', '/v1/targets', { ...laptop, login: { bearer: 'secret-token' } });
  expect(added).toMatchObject({ status: 201, json: { name: 'laptop', id: expect.stringMatching(/^t_/) } });
  expect(added.json.offers[0].document.match).toEqual(['instance = "laptop"']);
  const listed = await call('GET', '/v1/targets');
  expect(listed.json.targets).toMatchObject([
    {
      name: 'laptop',
      state: 'waiting',
      login: true,
      everyMs: 60_000,
      nextAt: new Date(door.clock.now).toISOString(),
      params: { url: 'http://127.0.0.1:9100/metrics' },
    },
  ]);
  expect(JSON.stringify(listed.json)).not.toContain('secret');
  expect((await call('PATCH', '/v1/targets/laptop', { paused: true })).json).toMatchObject({ paused: true });
  expect((await call('GET', '/v1/targets')).json.targets[0].state).toBe('paused');
  expect((await call('DELETE', `/v1/targets/${added.json.id}`)).status).toBe(200);
  expect((await call('DELETE', '/v1/targets/laptop')).status).toBe(404);
  expect((await call('GET', '/v1/modules')).json.modules.map(({ name }: { name: string }) => name)).toContain(
    'host',
  );
});

it('makes a heartbeat for somebody, whose path answers', async () => {
  const made = await call('POST', '/v1/heartbeats', {
    owner: 'telegram:7001',
    name: 'sync',
    every: '15m',
    grace: 60_000,
  });
  expect(made).toMatchObject({
    status: 201,
    json: { topic: 'heartbeat.sync', expects: { every: '15m', grace: '1m' } },
  });
  for (const [when, grace] of [
    [{ every: '1d' }, '0s'],
    [{ cron: '0 3 * * *' }, '5m'],
  ] as const) {
    const plain = { owner: 'telegram:7001', name: `usual ${grace}`, ...when };
    expect((await call('POST', '/v1/heartbeats', plain)).json).toMatchObject({ expects: { ...when, grace } });
    expect((await call('DELETE', `/v1/heartbeats/usual%20${grace}`)).status).toBe(200);
  }
  expect((await app.request(made.json.path)).status).toBe(200);
  expect((await call('GET', '/v1/heartbeats')).json.heartbeats).toMatchObject([
    { name: 'sync', expects: { every: '15m', grace: '1m' }, lastStatus: 'ok' },
  ]);
  const renewed = await call('POST', '/v1/heartbeats/sync/renew');
  expect((await app.request(made.json.path)).status).toBe(404);
  expect((await app.request(renewed.json.path)).status).toBe(200);
  expect((await call('DELETE', '/v1/heartbeats/sync')).status).toBe(200);
  expect((await app.request(renewed.json.path)).status).toBe(404);
});

it.each([
  ['/v1/targets', { module: 'hots' }, 422, /no such module/],
  ['/v1/targets', { module: 'host', evry: '1m' }, 422, /evry/],
  ['/v1/targets', { module: 'host', every: 'soon' }, 422, /no duration/],
  ['/v1/targets', { module: 'host', every: '1s' }, 422, /from 10 seconds to a day/],
  ['/v1/targets', { module: 'host', params: { url: 'gopher://x' } }, 422, /params.url/],
  ['/v1/heartbeats', { owner: 'telegram:9', name: 'x', every: '1h' }, 422, /nobody here/],
  ['/v1/heartbeats', { owner: 'telegram:7001', name: 'x' }, 422, /either every/],
  ['/v1/heartbeats', { owner: 'telegram:7001', name: 'x', cron: 'noon' }, 422, /cron/],
  ['/v1/heartbeats', { owner: 'telegram:7001', every: '1h' }, 422, /name/],
])('POST %s %j: %d', async (path, body, status, text) => {
  const refused = await call('POST', path, body);
  expect(refused.status).toBe(status);
  expect(JSON.stringify(refused.json)).toMatch(text);
});

it('only with a key that may, and by the right methods', async () => {
  for (const [method, path] of [
    ['GET', '/v1/modules'],
    ['GET', '/v1/targets'],
    ['POST', '/v1/targets'],
    ['POST', '/v1/targets/probe'],
    ['PATCH', '/v1/targets/x'],
    ['DELETE', '/v1/targets/x'],
    ['GET', '/v1/heartbeats'],
    ['POST', '/v1/heartbeats'],
    ['DELETE', '/v1/heartbeats/x'],
    ['POST', '/v1/heartbeats/x/renew'],
  ] as const) {
    const body = method === 'POST' || method === 'PATCH' ? {} : undefined;
    expect((await call(method, path, body, reader)).status, `${method} ${path}`).toBe(403);
    expect((await call(method, path, body, 'wrong-key-0123456789')).status).toBe(401);
  }
  expect((await call('PUT', '/v1/targets')).status).toBe(405);
  expect((await call('GET', '/v1/heartbeats/x')).status).toBe(405);
});

it('stands in the description with the schemas that check it', async () => {
  const { json } = await call('GET', '/v1/openapi.json');
  for (const path of ['/v1/targets/probe', '/v1/heartbeats/{id}/renew', '/v1/ping/{token}/{what}'])
    expect(Object.keys(json.paths)).toContain(path);
  const { schema } = json.paths['/v1/targets'].post.requestBody.content['application/json'];
  expect(schema.required).toEqual(['module']);
});
