// Personal lists over HTTP, with a key of the scope `admin`.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { savePerson } from '../../src/store/people.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await savePerson(door.database.db, {
    id: 'p_ana',
    telegramId: 7001,
    name: 'Ana',
    username: null,
    role: 'member',
    zone: null,
    morning: 540,
    quiet: null,
    createdAt: 0,
    leftAt: null,
  });
});
afterAll(() => door.close());

async function ask(method: string, path: string, body?: unknown) {
  const response = await door.app.request(path, {
    method,
    headers: { authorization: `Bearer ${bootstrap}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown[]> };
}

it('are put, read and deleted for whoever is named', async () => {
  const owner = 'owner=telegram:7001';
  expect(await ask('PUT', `/v1/lists/blocks?${owner}`, { items: ['gc_t', 'gc_u'] })).toEqual({
    status: 200,
    json: { name: 'blocks', items: ['gc_t', 'gc_u'], usedBy: [] },
  });
  expect((await ask('GET', `/v1/lists/blocks?${owner}`)).json).toMatchObject({
    name: 'blocks',
    items: ['gc_t', 'gc_u'],
  });
  expect((await ask('GET', '/v1/lists?owner=p_ana')).json.lists).toHaveLength(1);
  expect((await ask('DELETE', `/v1/lists/blocks?${owner}`)).status).toBe(200);
  expect((await ask('GET', `/v1/lists/blocks?${owner}`)).status).toBe(404);
});

it('say what is missing or wrong', async () => {
  expect((await ask('GET', '/v1/lists')).json.errors).toMatchObject([{ path: 'owner' }]);
  expect((await ask('PUT', '/v1/lists/Blocks?owner=p_ana', { items: [] })).status).toBe(422);
  expect((await ask('PUT', '/v1/lists/blocks?owner=p_ana', { entries: [] })).status).toBe(422);
  expect((await ask('POST', '/v1/lists/blocks')).status).toBe(405);
});
