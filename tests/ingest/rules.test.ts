// Rules over HTTP: files in and out in each form, one at a time, and who may not.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindBook } from '#evaluate/kind-book.ts';
import { ingestRoutes } from '#ingest/routes.ts';
import { savePerson } from '#store/people.ts';
import { addReceiver } from '#store/receivers.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let app: ReturnType<typeof ingestRoutes>;

beforeAll(async () => {
  door = await openDoor();
  const now = door.clock.now;
  const { db } = door.database;
  const person = { id: 'p_ana', telegramId: 7001, name: 'Ana', username: null, role: 'member' as const };
  await savePerson(db, { ...person, zone: null, morning: 540, quiet: null, createdAt: now, leftAt: null });
  const receiver = { id: 'v_ana', ownerId: 'p_ana', channel: 'telegram', address: '7001', label: 'Telegram' };
  await addReceiver(db, { ...receiver, createdAt: now });
  app = ingestRoutes({ world: door.world, now: () => door.clock.now, kinds: kindBook });
});
afterAll(async () => {
  await app.close();
  await door.close();
});

function ask(method: string, path: string, body?: string, type?: string, key = bootstrap) {
  const headers = { authorization: `Bearer ${key}`, ...(type ? { 'content-type': type } : {}) };
  return app.request(path, { method, headers, ...(body === undefined ? {} : { body }) });
}

const yaml = `
- name: Disk nearly full
  topic: disk.usage
  kind: threshold
  params: { field: usage, op: ">", limit: 90 }
- name: Every build
  topic: builds.**
  kind: every
`;

it('takes a file, gives it back, and takes that again unchanged', async () => {
  const made = await ask('POST', '/v1/rules?owner=telegram:7001', yaml, 'application/yaml');
  expect([made.status, await made.json()]).toEqual([201, { created: 2, changed: 0, unchanged: 0 }]);
  for (const [format, type] of [
    ['yaml', 'application/yaml'],
    ['ndjson', 'application/x-ndjson'],
    ['json', 'application/json'],
  ]) {
    const found = await ask('GET', `/v1/rules?format=${format}`);
    expect(found.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    const text = await found.text();
    expect(text).toContain('telegram:7001');
    const again = await ask('POST', '/v1/rules', text, type);
    expect([again.status, await again.json()]).toEqual([200, { created: 0, changed: 0, unchanged: 2 }]);
  }
  const accepted = await app.request('/v1/rules', {
    headers: { authorization: `Bearer ${bootstrap}`, accept: 'application/yaml' },
  });
  expect(await accepted.text()).toMatch(/^- id: r_/);
});

it('shows, replaces and deletes one rule', async () => {
  const body = JSON.stringify({ topic: 'a.b', kind: 'every', name: 'One', severity: 'info', for: '5m' });
  expect((await ask('POST', '/v1/rules?owner=p_ana', body, 'application/json')).status).toBe(201);
  const all = (await (await ask('GET', '/v1/rules?owner=p_ana')).json()) as { id: string; name: string }[];
  const { id } = all.find(({ name }) => name === 'One')!;
  const put = await ask(
    'PUT',
    `/v1/rules/${id}`,
    '{"topic":"a.c","kind":"every","name":"One"}',
    'application/json',
  );
  expect(put.status).toBe(200);
  const shown = (await (await ask('GET', `/v1/rules/${id}`)).json()) as object;
  expect(shown).toMatchObject({ id, owner: 'p_ana', topic: 'a.c', for: '0s' });
  expect(shown).not.toHaveProperty('severity');
  expect((await ask('PUT', `/v1/rules/${id}`, '{"topic":"a..c"}', 'application/json')).status).toBe(422);
  expect((await ask('DELETE', `/v1/rules/${id}`)).status).toBe(204);
  for (const method of ['GET', 'DELETE']) expect((await ask(method, `/v1/rules/${id}`)).status).toBe(404);
});

it('says what is wrong, by line', async () => {
  const bad = await ask(
    'POST',
    '/v1/rules',
    '{"topic":"a","kind":"every"}\n{"kind":1',
    'application/x-ndjson',
  );
  expect(bad.status).toBe(422);
  expect(await bad.json()).toMatchObject({ errors: [{ line: 2, text: 'this line is not JSON' }] });
  const nobody = await ask('POST', '/v1/rules', '{"topic":"a","kind":"every"}', 'application/json');
  expect(await nobody.json()).toMatchObject({ errors: [{ path: 'owner' }] });
  expect((await ask('POST', '/v1/rules', 'x', 'text/plain')).status).toBe(415);
  expect((await ask('POST', '/v1/rules', 'x'.repeat(300_000), 'application/yaml')).status).toBe(413);
  expect((await ask('POST', '/v1/rules?owner=telegram:5', yaml, 'application/yaml')).status).toBe(400);
  expect((await ask('PATCH', '/v1/rules')).status).toBe(405);
});

it('is for keys of the scope admin', async () => {
  expect((await ask('GET', '/v1/rules', undefined, undefined, 'a-key-that-nobody-has')).status).toBe(401);
});
