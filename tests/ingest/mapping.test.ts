// Bodies that nobody has explained yet are kept; once the mapping is there they become events, each once.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAccept } from '#ingest/accept.ts';
import { remapKept } from '#ingest/remap.ts';
import { pendingWork } from '#store/pending.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

async function ask(method: string, path: string, body?: unknown) {
  const response = await door.app.request(path, {
    method,
    headers: { authorization: `Bearer ${bootstrap}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: JSON.parse(await response.text()) };
}
async function source(name: string, topics: string[] = ['**']) {
  const { json: made } = await ask('POST', '/v1/sources', { name });
  const { json: given } = await ask('POST', `/v1/sources/${made.id}/keys`, { topics });
  const push = (body: unknown) => door.post(body, { path: '/v1/in/mapped', key: given.key });
  return { id: made.id as string, push, mapping: `/v1/sources/${name}/mapping` };
}
const events = (name: string) =>
  door.database.sql<Record<string, string>[]>`select * from events where source = ${name} order by seq`;
const body = (host: string, state = 'down') => ({
  event: 'disk',
  host,
  state,
  usage: 93.5,
  note: 'a\u0000b',
});

/** As the program works: whatever waits is worked on, twice at once. */
async function work() {
  const bells = (await pendingWork(door.database.db, door.clock.now)).filter(({ job }) => job === 'remap');
  const accept = openAccept(door.world);
  for (const { id } of bells)
    await Promise.all([1, 2].map(() => remapKept(door.world, accept, id, door.clock.now)));
  await accept.close();
  // What a key may do is remembered for less than a second.
  door.clock.now += 1_000;
  return bells.length;
}

it('is kept, explained from a sample, and then taken', async () => {
  const { push, mapping, id } = await source('nas');
  const kept = await push(body('cad1'));
  expect(kept).toMatchObject({
    status: 202,
    json: {
      accepted: 0,
      duplicates: 0,
      events: [],
      kept: { missing: [{ path: '', text: expect.stringContaining('nas') }] },
    },
  });
  expect(kept.json.kept.missing[0].text).toContain('/v1/sources/nas/mapping');
  const keptAt = door.clock.now;
  await push(body('cad2'));
  expect(door.told.filter((text) => text.includes('nas'))).toEqual([
    expect.stringContaining('nobody has explained'),
  ]);
  expect(await events('nas')).toHaveLength(0);
  expect(await work()).toBe(0);

  const { json: view } = await ask('GET', mapping);
  expect(view).toMatchObject({
    mapping: null,
    waiting: 2,
    samples: [{ sample: body('cad2') }, { sample: body('cad1') }],
    guess: {
      mapping: { topic: 'nas.{event}', subject: '{host}', status: '{state}' },
      missing: ['title', 'severity', 'time'],
    },
  });
  door.clock.now += 60_000;
  door.bells.length = 0;
  const set = await ask('PUT', mapping, view.guess.mapping);
  expect(set).toMatchObject({ status: 200, json: { waiting: 2 } });
  expect(door.bells).toContainEqual({ job: 'remap', id });
  expect(await work()).toBe(1);
  const rows = await events('nas');
  expect(rows.map(({ type, subject, status }) => [type, subject, status])).toEqual([
    ['nas.disk', 'cad1', 'firing'],
    ['nas.disk', 'cad2', 'firing'],
  ]);
  expect(new Date(rows[0]!.time!).getTime()).toBe(keptAt);
  expect(rows[0]!.raw).toContain('a\\u0000b');
  expect((await ask('GET', mapping)).json).toMatchObject({ waiting: 0, samples: [], guess: null });
  expect((await push(body('cad1', 'ok'))).json).toMatchObject({ accepted: 1 });
  expect((await events('nas')).at(-1)).toMatchObject({ status: 'resolved' });
  expect(await work()).toBe(0);
});

it('what a mapping cannot read waits for a better one, with what is missing', async () => {
  const { push, mapping } = await source('forge');
  await ask('PUT', mapping, { topic: 'forge.{project}', status: '{state}' });
  door.clock.now += 1_000;
  const odd = await push({ project: 'vr0', state: 'weird' });
  expect(odd.json.kept.missing).toEqual([{ path: 'state', text: expect.stringContaining('“weird”') }]);
  await push({ state: 'down' });
  expect(await work()).toBe(0);
  await ask('PUT', mapping, { topic: 'forge.{project}', status: '{state}', firing: ['weird'] });
  expect(await work()).toBe(1);
  expect((await events('forge')).map(({ type, status }) => [type, status])).toEqual([
    ['forge.vr0', 'firing'],
  ]);
  expect((await ask('GET', mapping)).json).toMatchObject({
    waiting: 1,
    samples: [{ missing: [{ path: 'project', text: expect.stringContaining('missing') }] }],
  });
  expect(await work()).toBe(0);
});

it('no topic is reached by waiting that the key may not push to', async () => {
  const { push, mapping } = await source('narrow', ['narrow.**']);
  await push({ event: 'a' });
  await ask('PUT', mapping, { topic: 'other.{event}' });
  await work();
  expect(await events('narrow')).toHaveLength(0);
  expect((await ask('GET', mapping)).json.samples[0].missing[0].text).toContain('may not push to other.a');
  expect((await push({ event: 'a' })).status).toBe(403);
});

it('refuses a mapping with faults by their paths, and the one before stays', async () => {
  const { push, mapping } = await source('lab');
  await ask('PUT', mapping, { topic: 'lab.{event}' });
  const wrong = await ask('PUT', mapping, { topic: '{', color: 'red', fields: { a: 7 } });
  expect(wrong.status).toBe(422);
  expect(wrong.json.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
    '',
    'fields.a',
    'topic',
  ]);
  expect((await ask('PUT', mapping, [])).status).toBe(422);
  expect((await ask('GET', mapping)).json.mapping).toEqual({ topic: 'lab.{event}' });
  await ask('DELETE', mapping);
  expect((await ask('GET', mapping)).json.mapping).toBeNull();
  door.clock.now += 1_000;
  expect((await push({ event: 'x' })).json.kept).toBeDefined();
  expect((await ask('GET', '/v1/sources/none/mapping')).status).toBe(404);
});

it('keeps a thousand, and says so to the next', async () => {
  const { push, id } = await source('flood');
  await door.database.sql`insert into kept_bodies (source_id, body, topics, missing, received_at)
    select ${id}, '{}', '["**"]', '[]', now() from generate_series(1, 1000)`;
  const { status, json } = await push({ event: 'x' });
  expect([status, json.detail]).toEqual([422, expect.stringContaining('1,000')]);
  expect((await push('{"x":"'.padEnd(300_000, 'x').concat('"}'))).status).toBe(413);
});
