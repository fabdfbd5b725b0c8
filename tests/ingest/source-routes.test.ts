// Sources and keys over HTTP: made, listed, rotated, revoked and signed, with a key of the scope `admin`.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

async function ask(method: string, path: string, body?: unknown, key = bootstrap) {
  const response = await door.app.request(path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}
const event = { type: 'disk.usage' };

it('a source is made, given a key, seen in the list with its last use, and its key rotated and revoked', async () => {
  const made = await ask('POST', '/v1/sources', { name: 'ci', ratePerSecond: 5 });
  expect(made).toMatchObject({
    status: 201,
    json: { name: 'ci', ratePerSecond: 5, signed: false, mapped: false, keys: [] },
  });
  expect((await ask('POST', '/v1/sources', { name: 'ci' })).status).toBe(409);
  const { id } = made.json;
  const given = await ask('POST', `/v1/sources/${id}/keys`, {
    topics: ['disk.**'],
    expiresAt: new Date(door.clock.now + 86_400_000).toISOString(),
  });
  expect(given).toMatchObject({ status: 201, json: { key: expect.stringMatching(/^tk_/) } });
  expect((await door.post(event, { key: given.json.key })).status).toBe(202);
  expect((await door.post({ type: 'other' }, { key: given.json.key })).status).toBe(403);
  await expect
    .poll(async () => (await ask('GET', '/v1/sources/ci')).json.keys[0].lastUsedAt)
    .toBe(new Date(door.clock.now).toISOString());

  const rotated = await ask('POST', `/v1/keys/${given.json.id}/rotate`, { overlapHours: 2 });
  expect(rotated).toMatchObject({
    status: 201,
    json: { oldExpiresAt: new Date(door.clock.now + 2 * 3_600_000).toISOString() },
  });
  const statuses = async () => {
    door.clock.now += 1_000;
    const both = [given.json.key, rotated.json.key].map(
      async (key) => (await door.post(event, { key })).status,
    );
    return Promise.all(both);
  };
  expect(await statuses()).toEqual([202, 202]);
  door.clock.now += 2 * 3_600_000;
  expect(await statuses()).toEqual([401, 202]);
  const revoked = await ask('DELETE', `/v1/keys/${rotated.json.id}`);
  expect(revoked).toMatchObject({ status: 200, json: { revokedAt: new Date(door.clock.now).toISOString() } });
  expect(await statuses()).toEqual([401, 401]);
  const { json } = await ask('GET', `/v1/sources/${id}`);
  expect(json.keys.map(({ state }: { state: string }) => state)).toEqual(['expired', 'revoked']);
  const list = JSON.stringify((await ask('GET', '/v1/sources')).json);
  expect(list).toContain(`"${id}"`);
  for (const secret of [given.json.key, rotated.json.key, 'hash']) expect(list).not.toContain(secret);
});

it('a rotation needs no body', async () => {
  const given = await ask('POST', '/v1/sources/ci/keys', {});
  expect((await ask('POST', `/v1/keys/${given.json.id}/rotate`)).status).toBe(201);
});

it('a source is made to sign, and need not any longer', async () => {
  const set = await ask('PUT', '/v1/sources/ci/secret', {});
  expect(set).toMatchObject({
    status: 200,
    json: { secret: expect.stringMatching(/^whsec_/), oldUntil: null },
  });
  expect((await ask('GET', '/v1/sources/ci')).json.signed).toBe(true);
  expect((await ask('DELETE', '/v1/sources/ci/secret')).status).toBe(200);
  expect((await ask('GET', '/v1/sources/ci')).json.signed).toBe(false);
});

it('names each fault, and knows nothing of what is not there', async () => {
  const wrong = await ask('POST', '/v1/sources', { name: 7, ratePerSecond: 1.5, color: 'red' });
  expect(wrong.status).toBe(422);
  expect(wrong.json.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
    'color',
    'name',
    'ratePerSecond',
  ]);
  expect((await ask('POST', '/v1/sources', { name: 'a\nb' })).json.detail).toContain('name');
  expect((await ask('POST', '/v1/sources/ci/keys', { scopes: ['root'] })).status).toBe(422);
  expect((await ask('POST', '/v1/sources/ci/keys', { expiresAt: 'tomorrow' })).status).toBe(422);
  expect((await ask('POST', '/v1/sources/ci/keys', [])).status).toBe(422);
  for (const [method, path] of [
    ['GET', '/v1/sources/none'],
    ['POST', '/v1/sources/none/keys'],
    ['PUT', '/v1/sources/none/secret'],
    ['DELETE', '/v1/sources/none/secret'],
    ['POST', '/v1/keys/k_none/rotate'],
    ['DELETE', '/v1/keys/k_none'],
  ] as const)
    expect([path, (await ask(method, path, method === 'GET' ? undefined : {})).status]).toEqual([path, 404]);
  expect((await ask('PATCH', '/v1/sources')).status).toBe(405);
});

it('is for admins alone', async () => {
  const { json } = await ask('POST', '/v1/sources/ci/keys', { scopes: ['ingest', 'read'] });
  for (const [method, path] of [
    ['GET', '/v1/sources'],
    ['POST', '/v1/sources'],
    ['GET', '/v1/sources/ci'],
    ['POST', '/v1/sources/ci/keys'],
    ['PUT', '/v1/sources/ci/secret'],
    ['DELETE', '/v1/sources/ci/secret'],
    ['POST', `/v1/keys/${json.id}/rotate`],
    ['DELETE', `/v1/keys/${json.id}`],
  ] as const) {
    expect([path, (await ask(method, path, undefined, json.key)).status]).toEqual([path, 403]);
    expect([path, (await ask(method, path, undefined, 'no-key-at-all-but-long')).status]).toEqual([
      path,
      401,
    ]);
  }
});

it('stands in the description with the schemas that check it', async () => {
  const { json } = await door.get('/v1/openapi.json', '');
  for (const path of [
    '/v1/sources',
    '/v1/sources/{id}/mapping',
    '/v1/keys/{id}/rotate',
    '/v2/enqueue',
    '/api/v2/alerts',
  ])
    expect(Object.keys(json.paths)).toContain(path);
  const { schema } = json.paths['/v1/sources/{id}/mapping'].put.requestBody.content['application/json'];
  expect(schema.required).toEqual(['topic']);
  expect(
    JSON.stringify(json)
      .match(/"\$ref":"[^"]+"/g)!
      .every((ref) => ref.includes('#/components/schemas/')),
  ).toBe(true);
});
