// Receivers and the log of deliveries over HTTP: who may, what is shown, and what never is.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '#operations/create-key.ts';
import { savePerson } from '#store/people.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let reader: string;
const url = 'https://ci.example.org/hook?token=letmein';

beforeAll(async () => {
  door = await openDoor();
  await savePerson(door.database.db, {
    id: 'p_1',
    telegramId: 7001,
    name: 'Ana',
    username: null,
    role: 'member',
    zone: 'UTC',
    morning: 540,
    quiet: null,
    createdAt: door.clock.now,
    leftAt: null,
  });
  const operator = { is: 'operator', name: 'op' } as const;
  const key = await createKey(
    door.world,
    operator,
    { source: 'reader', scopes: ['ingest', 'read'], topics: ['**'] },
    door.clock.now,
  );
  if (!key.ok) throw new Error(key.text);
  reader = key.key;
});
afterAll(() => door.close());

const add = (more: object = {}) =>
  door.post(
    { owner: 'telegram:7001', channel: 'webhook', contact: { url }, ...more },
    { path: '/v1/receivers' },
  );

describe('/v1/receivers', () => {
  it('adds one, shows its secret once and its address never', async () => {
    const added = await add({ label: 'ci' });
    expect(added.status).toBe(201);
    expect(added.json).toMatchObject({
      label: 'ci',
      waits: false,
      shown: { secret: expect.stringMatching(/^whsec_/) },
    });
    const listed = await door.get('/v1/receivers?owner=telegram:7001');
    expect(listed.json).toMatchObject({ receivers: [{ label: 'ci', channel: 'webhook', state: 'untried' }] });
    const everything = JSON.stringify([listed.json, (await door.get('/v1/receivers')).json]);
    for (const secret of ['letmein', 'whsec_', 'ci.example.org']) expect(everything).not.toContain(secret);
  });

  it.each([
    [{ contact: { url: 'http://10.1.2.3/hook' } }, 422, 'not spoken to, unless OUTBOUND_ALLOW names them'],
    [{ channel: 'pigeon' }, 422, 'There is no channel “pigeon”'],
    [{ channel: 'telegram' }, 422, 'There is no channel “telegram”'],
    [{ contact: {} }, 422, 'url: '],
    [{ contact: { url: 'ftp://x' } }, 422, 'must be an address such as'],
    [{ contact: { url, more: 1 } }, 422, 'there is no such field'],
    [{ owner: 'telegram:999' }, 404, 'nobody with this owner'],
    [{ label: 'ci' }, 409, 'There is a receiver “ci” already'],
    [{ label: '  ' }, 422, 'needs a name'],
  ])('refuses %j', async (more, status, text) => {
    const refused = await add(more);
    expect(refused.status).toBe(status);
    expect(JSON.stringify(refused.json)).toContain(text);
  });

  it('needs a key with the scope admin', async () => {
    for (const path of ['/v1/receivers', '/v1/deliveries', '/v1/channels', '/v1/deliveries/1']) {
      expect((await door.get(path, reader)).status).toBe(403);
      expect((await door.get(path, '')).status).toBe(401);
    }
    expect((await door.post({}, { path: '/v1/receivers', key: reader })).status).toBe(403);
  });

  it('tests, renews and removes one', async () => {
    const { id } = (await add({ label: 'second' })).json as { id: string };
    const deed = (path: string, body: object = {}) =>
      door.post(body, { path: `/v1/receivers/${id}/${path}` });
    door.clock.now += 60_000;
    expect((await deed('test')).json).toMatchObject({ notificationId: expect.any(Number) });
    expect(await deed('test')).toMatchObject({ status: 409 });
    expect((await deed('renew-secret', { overlapHours: 1 })).json).toMatchObject({
      shown: { secret: expect.stringMatching(/^whsec_/) },
      oldUntil: new Date(door.clock.now + 3_600_000).toISOString(),
    });
    expect(await deed('verify', { code: '123456' })).toMatchObject({ status: 409 });
    const remove = () =>
      door.app.request(`/v1/receivers/${id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${bootstrap}` },
      });
    expect((await remove()).status).toBe(200);
    expect((await remove()).status).toBe(404);
    expect(await deed('fly')).toMatchObject({ status: 404 });
  });

  it('names the channels with what they ask for', async () => {
    const { channels } = (await door.get('/v1/channels')).json as {
      channels: { name: string; fields: object[] }[];
    };
    expect(channels.find(({ name }) => name === 'webhook')).toMatchObject({
      missing: null,
      confirms: false,
      fields: [{ name: 'url', label: 'Address', input: 'url', required: true }],
    });
    expect(channels.find(({ name }) => name === 'telegram')!.fields).toEqual([]);
  });
});

describe('/v1/deliveries', () => {
  it('has filters and pages, and says what is wrong with them', async () => {
    expect((await door.get('/v1/deliveries')).json).toEqual({ deliveries: [], next: null });
    for (const query of ['limit=0', 'limit=x', 'outcome=lost', 'from=yesterday'])
      expect((await door.get(`/v1/deliveries?${query}`)).status, query).toBe(400);
    expect((await door.get('/v1/deliveries/77')).status).toBe(404);
    expect((await door.get('/v1/deliveries/x')).status).toBe(404);
  });

  it('sends a range again', async () => {
    const { receivers } = (await door.get('/v1/receivers')).json as { receivers: { id: string }[] };
    const ask = (more: object) =>
      door.post(
        { receiver: receivers[0]!.id, from: '2026-05-04T00:00:00Z', to: '2026-05-05T00:00:00Z', ...more },
        { path: '/v1/deliveries/redeliver' },
      );
    expect(await ask({})).toMatchObject({ status: 202, json: { count: 0 } });
    expect(await ask({ to: '2026-05-03T00:00:00Z' })).toMatchObject({ status: 422 });
    expect(await ask({ from: 'now' })).toMatchObject({ status: 422 });
    expect(await ask({ receiver: 'v_none' })).toMatchObject({ status: 404 });
    expect(await door.post({}, { path: '/v1/deliveries/5/redeliver' })).toMatchObject({ status: 404 });
  });
});
