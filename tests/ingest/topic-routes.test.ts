// The catalogue over HTTP: declared by those who push, learnt from what came, and strict only where it was asked for.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { evaluateWork } from '#evaluate/worker.ts';
import { createKey } from '#operations/create-key.ts';
import { createSource } from '#operations/create-source.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let discs: string;
beforeAll(async () => {
  door = await openDoor();
  const operator = { is: 'operator', name: 'operator' } as const;
  await createSource(door.world, operator, { name: 'discs' }, 0);
  const made = await createKey(
    door.world,
    operator,
    { source: 'discs', scopes: ['ingest'], topics: ['disk.**'] },
    0,
  );
  if (!made.ok) throw new Error(made.text);
  discs = made.key;
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
async function seen(...events: object[]) {
  const { status } = await door.post(events);
  expect(status).toBe(202);
  const work = evaluateWork(door.world);
  for (let lane = 0; lane < 16; lane++) await work.evaluate(String(lane), door.clock.now);
  await work.close();
}
const usage = (data: object, type = 'disk.usage') => ({ type, subject: '/home', data });

it('shows what was learnt and what was said, and counts what lacks a required field', async () => {
  await seen(usage({ usage: 50 }), usage({ other: 1 }), usage({ state: 'ok' }, 'build.state'));
  const said = await ask(
    'PUT',
    '/v1/topics/disk.usage',
    {
      title: 'Disks',
      description: 'How full each file system is.',
      fields: { usage: { type: 'number', unit: '%', description: 'of its size', required: true } },
    },
    discs,
  );
  expect([said.status, said.json]).toMatchObject([
    200,
    { topic: 'disk.usage', title: 'Disks', strict: false, declared: { by: 'discs' } },
  ]);
  await seen(usage({ usage: 93.5 }), usage({ used: 93.5 }), usage({ used: 93.5 }));
  const { json } = await ask('GET', '/v1/topics/disk.usage');
  expect(json).toMatchObject({
    title: 'Disks',
    count: 5,
    lastAt: '2026-05-04T12:00:00.000Z',
    fields: {
      usage: { unit: '%', required: true, lackedBy: 2, seen: { min: 50, max: 93.5, count: 2 } },
      used: { seen: { last: 93.5 } },
    },
    subjects: [{ subject: '/home' }],
  });
  const all = (await ask('GET', '/v1/topics')).json;
  expect(all.topics.map(({ topic, count }: { topic: string; count: number }) => [topic, count])).toEqual([
    ['build.state', 1],
    ['disk.usage', 5],
  ]);
  expect(all.tree).toMatchObject([
    { path: 'build', topics: 1, events: 1, below: [{ path: 'build.state', isTopic: true }] },
    { path: 'disk', topics: 1, events: 5 },
  ]);
});

it('keeps to the topics of the key', async () => {
  const all = (await ask('GET', '/v1/topics', undefined, discs)).json;
  expect(all.topics.map(({ topic }: { topic: string }) => topic)).toEqual(['disk.usage']);
  expect((await ask('GET', '/v1/topics/build.state', undefined, discs)).status).toBe(404);
  expect((await ask('PUT', '/v1/topics/build.state', {}, discs)).status).toBe(403);
  expect((await ask('DELETE', '/v1/topics/build.state', undefined, discs)).status).toBe(403);
  expect((await ask('PUT', '/v1/topics/tocsin.canary', {})).status).toBe(422);
  expect((await ask('PUT', '/v1/topics/disk.free', {}, 'no-key-that-we-ever-knew')).status).toBe(401);
});

it('refuses what cannot be said, with every path', async () => {
  const bad = await ask('PUT', '/v1/topics/disk.usage', {
    fields: { host: { type: 'text', unit: '%' } },
    more: 1,
  });
  expect(bad.status).toBe(422);
  expect(bad.json.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['', 'fields.host.unit']);
});

it('takes what lacks a field, unless the topic is strict; nothing is half taken', async () => {
  const fields = { usage: { type: 'number', required: true } };
  await ask('PUT', '/v1/topics/disk.strict', { strict: true, fields });
  door.clock.now += 1_100;
  const refused = await door.post([usage({ usage: 1 }, 'disk.strict'), usage({ used: 1 }, 'disk.strict')]);
  expect([refused.status, refused.json.errors]).toEqual([
    422,
    [{ path: '[1].data.usage', text: 'is required in disk.strict' }],
  ]);
  const wrong = await door.post(usage({ usage: 'much' }, 'disk.strict'));
  expect(wrong.json.errors).toEqual([{ path: 'data.usage', text: 'must be a number in disk.strict' }]);
  expect((await door.post(usage({ usage: '93.5' }, 'disk.strict'))).status).toBe(202);
  expect((await door.post(usage({ used: 1 }))).status).toBe(202);
  expect((await ask('DELETE', '/v1/topics/disk.strict')).status).toBe(200);
  expect((await ask('DELETE', '/v1/topics/disk.strict')).status).toBe(404);
  door.clock.now += 1_100;
  expect((await door.post(usage({ used: 1 }, 'disk.strict'))).status).toBe(202);
});

it('finds a topic behind however many others, and nothing by a pattern or by what is no topic', async () => {
  await door.database.sql`insert into declared_topics (topic, strict, fields, declared_at, declared_by, base)
    select 'a.many.t' || n, false, '{}', now(), 'test', '{}' from generate_series(1, 1001) n`;
  const status = async (topic: string, key?: string) =>
    (await ask('GET', `/v1/topics/${encodeURIComponent(topic)}`, undefined, key)).status;
  expect(await status('disk.usage')).toBe(200);
  expect([await status('disk.usage', discs), await status('a.many.t1', discs)]).toEqual([200, 404]);
  for (const odd of ['disk.*', '**', '^', '[', '(', '\\', 'disk..usage'])
    expect(await status(odd), odd).toBe(404);
});
