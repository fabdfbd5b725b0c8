// Broadcasts over HTTP: whom they would reach, what is wrong with them, and their receipts.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellNextBroadcast } from '#notify/broadcast.ts';
import { addPerson, addRule } from '../operations/stage.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  const { world } = door;
  for (const name of ['Ana', 'Ben', 'Cleo', 'Dora', 'Emil'])
    await addRule(world, (await addPerson(world, name)).person.id, {
      topic: 'node.**',
      match: [`subject = "${name.toLowerCase()}"`],
      kind: 'every',
      params: {},
    });
  await door.post([
    ...['ana', 'ben', 'cleo', 'dora'].map((subject) => ({
      type: 'node.checkin',
      subject,
      data: { version: '1.3' },
    })),
    { type: 'node.checkin', subject: 'emil', data: { version: '1.3' } },
    { type: 'node.checkin', subject: 'emil', data: { version: '1.10' } },
    { type: 'node.checkin', subject: 'nobody', data: { version: '1.0' } },
  ]);
});
afterAll(() => door.close());

async function ask(method: string, path: string, body?: unknown, key = bootstrap) {
  const response = await door.app.request(path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  return { status: response.status, json: (await response.json()) as any };
}
const outdated = { topic: 'node.*', match: ['version < 1.4'] };

it('says whom it would reach, and reaches them', async () => {
  const seen = await ask('POST', '/v1/broadcasts', { text: 'Update.', to: outdated, preview: true });
  expect(seen).toMatchObject({ status: 200, json: { reach: { count: 4, names: ['Ana', 'Ben', 'Cleo'] } } });
  expect((await ask('GET', '/v1/broadcasts')).json.broadcasts).toEqual([]);
  const made = await ask('POST', '/v1/broadcasts', { text: 'Update.', to: outdated, first: 50, every: '3d' });
  expect(made).toMatchObject({ status: 201, json: { broadcast: { to: outdated, every: '3d', first: 50 } } });
  const { id } = made.json.broadcast;
  await tellNextBroadcast(door.world, door.clock.now);
  const first = await ask('GET', `/v1/broadcasts/${id}`);
  expect(first.json.broadcast).toMatchObject({
    status: 'running',
    next: 'rest',
    counts: { waiting: 2, 'on-its-way': 2 },
  });
  expect(first.json.receipts).toHaveLength(4);
  expect(first.json.receipts[0]).toMatchObject({
    owner: expect.stringMatching(/^telegram:/),
    things: [expect.any(String)],
  });
  const page = await ask('GET', `/v1/broadcasts/${id}?limit=3`);
  expect(page.json.receipts).toHaveLength(3);
  expect((await ask('GET', `/v1/broadcasts/${id}?after=${page.json.next}`)).json.receipts).toHaveLength(1);
  expect((await ask('POST', `/v1/broadcasts/${id}/continue`)).json).toEqual({ changed: true });
  expect((await ask('POST', `/v1/broadcasts/${id}/continue`)).json).toEqual({ changed: false });
  await tellNextBroadcast(door.world, door.clock.now);
  expect((await ask('GET', '/v1/broadcasts')).json.broadcasts[0].counts).toEqual({ 'on-its-way': 4 });
  expect((await ask('POST', `/v1/broadcasts/${id}/stop`)).json).toEqual({ changed: true, unsent: 4 });
  expect((await ask('POST', `/v1/broadcasts/${id}/stop`)).json).toEqual({ changed: false, unsent: 0 });
  expect((await ask('GET', `/v1/broadcasts/${id}`)).json).toMatchObject({
    broadcast: { status: 'stopped', counts: { stopped: 4 } },
  });
});

it.each([
  [{ text: 'x', to: { topic: 'node.*', match: ['version <'] } }, 422, 'is no condition'],
  [{ text: 'x', to: { topic: 'node..x' } }, 422, 'empty parts'],
  [{ text: 'x', to: { topic: 'node.*', match: ['node in $me.mine'] } }, 422, 'somebody’s own list'],
  [{ text: '  ', to: { everyone: true } }, 422, 'needs a text'],
  [{ text: 'x'.repeat(2001), to: { everyone: true } }, 422, 'at most 2,000 characters'],
  [{ text: 'x', to: { everyone: true }, first: 0 }, 422, '1 to 100 percent'],
  [{ text: 'x', to: { everyone: true }, restAfter: '2h' }, 422, 'how many percent come first'],
  [{ text: 'x', to: { everyone: true }, every: '1m' }, 422, 'It is repeated every'],
  [{ text: 'x', to: { everyone: true }, until: '2020-01-01T00:00:00Z' }, 422, 'ends in the future'],
  [{ text: 'x', to: { group: 'telegram:-5' } }, 422, 'no such group'],
  [{ text: 'x', to: { all: true } }, 422, 'everyone'],
  [{ text: 'x', to: { topic: 'nothing.here' } }, 409, 'Nobody is concerned'],
  [{ text: 'x' }, 422, 'everyone'],
])('refuses %o', async (body, status, text) => {
  const refused = await ask('POST', '/v1/broadcasts', body);
  expect(refused.status).toBe(status);
  expect(JSON.stringify(refused.json)).toContain(text);
});

it('an id names one broadcast: the same words again are it, others are refused', async () => {
  const asked = { id: 'update-1-4', text: 'Update to 1.4.', to: outdated, severity: 'warning' };
  expect((await ask('POST', '/v1/broadcasts', asked)).status).toBe(201);
  expect((await ask('POST', '/v1/broadcasts', asked)).status).toBe(200);
  for (const [other, word] of [
    [{ text: 'Update to 1.5.' }, 'text'],
    [{ to: { topic: 'node.*', match: ['version < 1.5'] } }, 'to'],
    [{ severity: 'critical' }, 'severity'],
    [{ every: '3d' }, 'every'],
    [{ first: 10 }, 'first'],
  ] as const) {
    const refused = await ask('POST', '/v1/broadcasts', { ...asked, ...other });
    expect(refused.status).toBe(409);
    expect(refused.json.detail).toBe(
      `There is a broadcast with this id already, with another ${word}; take a new id for this one.`,
    );
  }
  // What is over has no next step.
  await tellNextBroadcast(door.world, door.clock.now);
  const { broadcast } = (await ask('GET', '/v1/broadcasts/update-1-4')).json;
  expect(broadcast).toMatchObject({ status: 'done', next: null, nextAt: null });
  // Nobody is concerned any more; it is the same broadcast all the same.
  await door.post(
    ['ana', 'ben', 'cleo', 'dora'].map((subject) => ({
      type: 'node.checkin',
      subject,
      data: { version: '2.0' },
    })),
  );
  expect((await ask('POST', '/v1/broadcasts', asked)).status).toBe(200);
});

it('knows no other', async () => {
  expect((await ask('GET', '/v1/broadcasts/none')).status).toBe(404);
  expect((await ask('POST', '/v1/broadcasts/none/stop')).status).toBe(404);
  expect((await ask('DELETE', '/v1/broadcasts/none')).status).toBe(405);
  expect((await ask('GET', '/v1/broadcasts', undefined, 'wrong')).status).toBe(401);
});
