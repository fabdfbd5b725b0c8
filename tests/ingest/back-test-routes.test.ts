// A back-test over HTTP: the document goes in, what it would have told comes out, and every fault with its path.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { savePerson } from '../../src/store/people.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
  await savePerson(door.database.db, {
    ...{ id: 'p_ana', telegramId: 7001, name: 'Ana', username: null, role: 'member' as const },
    ...{ zone: 'UTC', morning: 540, quiet: null, createdAt: 0, leftAt: null },
  });
  const end = door.clock.now;
  for (const [hours, usage] of [
    [5, 80],
    [4, 93.5],
    [3, 60],
    [2, 99],
  ] as const) {
    door.clock.now = end - hours * 3_600_000;
    await door.post({ type: 'disk.usage', subject: '/home', data: { usage } });
  }
  door.clock.now = end;
});
afterAll(() => door.close());

async function ask(query: string, body: unknown, key = bootstrap) {
  const response = await door.app.request(`/v1/rules/back-test${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  return { status: response.status, json: (await response.json()) as any };
}
const document = {
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90, clear: 85 },
};

it('answers how often, when, and with other limits', async () => {
  const { status, json } = await ask('?owner=telegram:7001&days=2&limits=95', document);
  expect(status).toBe(200);
  expect(json).toMatchObject({
    told: 2,
    burning: 1,
    events: 4,
    limit: 90,
    variants: [{ limit: 95, told: 1 }],
    from: '2026-05-04T07:00:00.000Z',
    to: '2026-05-04T12:00:00.000Z',
    first: [
      { at: '2026-05-04T08:00:00.000Z', overAt: '2026-05-04T09:00:00.000Z', text: '93.5, limit 90' },
      { overAt: null },
    ],
  });
  expect((await ask('', { ...document, owner: 'p_ana' })).json.told).toBe(2);
});

it('says what is wrong with the document, with the question, and with the key', async () => {
  const bad = await ask('?owner=p_ana', { ...document, params: { field: 'usage', op: '>', limit: 'much' } });
  expect([bad.status, bad.json.errors]).toMatchObject([422, [{ path: 'params.limit' }]]);
  expect((await ask('', document)).json.errors).toMatchObject([{ path: 'owner' }]);
  expect((await ask('?owner=p_ana&days=99', document)).json.detail).toBe(
    'A back-test goes back 1 to 31 days.',
  );
  expect((await ask('?owner=p_ana', document, 'no-key-that-we-ever-knew')).status).toBe(401);
  const response = await door.app.request('/v1/rules/back-test');
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});
