// Targets: who may add and remove them, what is refused with which words, and what is never shown.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#core/actor.ts';
import { openModuleBook } from '#ingest/module-book.ts';
import { addTarget } from '#operations/add-target.ts';
import { declareTopic } from '#operations/declare-topic.ts';
import { listTargets } from '#operations/list-targets.ts';
import { pauseTarget } from '#operations/pause-target.ts';
import { probeTarget } from '#operations/probe-target.ts';
import { removeTarget } from '#operations/remove-target.ts';
import type { TargetInput } from '#operations/target-input.ts';
import type { Asking, Outbound } from '#outbound/fetch.ts';
import { auditTrail } from '#store/audit.ts';
import { catalogue, unitsOf } from '#store/declared-topics.ts';
import { sealAnew } from '#store/secrets.ts';
import { addPerson, asActor, noon, openStage, operator, type Stage } from './stage.ts';

const page = 'node_memory_MemAvailable_bytes 20\nnode_memory_MemTotal_bytes 100\n';
const asked: (Asking & { url: string })[] = [];
let status = 200;
const ask: Outbound = async (url, asking = {}) => {
  asked.push({ url, ...asking });
  return { is: 'answer', status, headers: {}, body: Buffer.from(page), truncated: false, ms: 1 };
};
const book = openModuleBook(ask);
const host = (more: Partial<TargetInput> = {}) => ({ book, module: 'host', ...more });

let stage: Stage;
let actors: Record<string, Actor>;
beforeAll(async () => {
  stage = await openStage();
  const [member, admin, gone] = [
    await addPerson(stage.world, 'Mia'),
    await addPerson(stage.world, 'Adam', 'admin'),
    await addPerson(stage.world, 'Gus', 'owner', noon - 1),
  ];
  actors = {
    member: asActor(member.person),
    admin: asActor(admin.person),
    gone: asActor(gone.person),
    reader: { is: 'key', sourceId: 's_1', name: 'reader', scopes: ['read', 'ingest'] },
    keeper: { is: 'key', sourceId: 's_2', name: 'keeper', scopes: ['admin'] },
    clock: { is: 'clock' },
    operator,
  };
});
afterAll(() => stage.end());
beforeEach(async () => {
  await stage.world.database.sql`delete from targets`;
  asked.length = 0;
  status = 200;
});

it('what a module says of its topics is in the catalogue once a target is added, unless somebody said it', async () => {
  const { world } = stage;
  const { db } = world.database;
  const own = { title: 'Ours', fields: { usage: { unit: 'percent' } } };
  await declareTopic(world, operator, { topic: 'host.disk', document: own }, noon);
  await addTarget(world, operator, host({ name: 'one' }), noon);
  await addTarget(world, operator, host({ name: 'two' }), noon);
  const units = await unitsOf(db, ['host.memory', 'host.disk']);
  expect(units.get('host.memory')).toMatchObject({ available: '%' });
  expect(units.get('host.disk')).toEqual({ usage: 'percent' });
  const [memory] = await catalogue(db, ['host.memory'], 5);
  expect(memory?.declared).toMatchObject({ declaredBy: 'A machine (node_exporter)', strict: false });
});

describe('who may', () => {
  const may = ['admin', 'keeper', 'operator'];
  it.each(['member', 'admin', 'gone', 'reader', 'keeper', 'clock', 'operator'])('%s', async (who) => {
    const { world } = stage;
    const actor = actors[who]!;
    const existing = await addTarget(world, operator, host({ name: 'there' }), noon);
    if (!existing.ok) throw new Error(existing.text);
    const done = [
      await addTarget(world, actor, host({ name: `of ${who}` }), noon),
      await probeTarget(world, actor, host(), noon),
      await listTargets(world, actor, noon),
      await pauseTarget(world, actor, { target: 'there', paused: true }, noon),
      await removeTarget(world, actor, { target: existing.id }, noon),
    ];
    if (may.includes(who)) {
      expect(done.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
      const trail = await auditTrail(world.database.db, { target: existing.id });
      expect(trail.map(({ verb }) => verb).toSorted()).toEqual([
        'add-target',
        'pause-target',
        'remove-target',
      ]);
      return;
    }
    for (const one of done) expect(one).toMatchObject({ ok: false, code: 'forbidden' });
    expect(asked, 'nobody is asked for somebody who may not').toEqual([]);
  });
});

describe('what is refused, and how', () => {
  it.each([
    [{ module: 'hosts' }, /There is no such module; there are host/],
    [{ params: { url: 'ftp://x' } }, /params.url must begin with http/],
    [{ params: { url: 'http://a:b@c/' } }, /user and password apart/],
    [{ params: { ulr: 'http://x/' } }, /params.ulr is nothing this module asks for/],
    [{ params: { url: 7 } }, /params.url must be an address/],
    [{ everyMs: 1_000 }, /every must be from 10 seconds/],
    [{ timeoutMs: 60_000 }, /timeout must be from 1 to 30/],
    [{ name: 'x'.repeat(101) }, /a target’s name has 1 to 100/],
    [{ login: { bearer: 'a\r\nHost: b' } }, /login must be plain text/],
    [{ login: { bearer: '' } }, /login must be plain text/],
    [{ login: { user: 'a', password: '\n' } }, /login must be plain text/],
  ])('%j', async (more, text) => {
    for (const refused of [
      await addTarget(stage.world, operator, host(more as Partial<TargetInput>), noon),
      await probeTarget(stage.world, operator, host(more as Partial<TargetInput>), noon),
    ])
      expect(refused).toMatchObject({ ok: false, code: 'invalid', text: expect.stringMatching(text) });
    expect(asked).toEqual([]);
  });

  it('a name that is taken, a target that is not there', async () => {
    await addTarget(stage.world, operator, host(), noon);
    const twice = await addTarget(stage.world, operator, host(), noon);
    expect(twice).toMatchObject({
      ok: false,
      code: 'conflict',
      text: expect.stringMatching(/127.0.0.1:9100/),
    });
    for (const refused of [
      await removeTarget(stage.world, operator, { target: 'x' }, noon),
      await pauseTarget(stage.world, operator, { target: 'x', paused: true }, noon),
    ])
      expect(refused).toMatchObject({ ok: false, code: 'not-found' });
  });

  it('a look at a target that does not answer says why', async () => {
    status = 404;
    expect(await probeTarget(stage.world, operator, host({ name: 'web1' }), noon)).toMatchObject({
      ok: false,
      code: 'conflict',
      text: 'web1: it answers with 404.',
    });
  });
});

it.each([
  ['http://[::1]:9100/metrics', '0::1:9100'],
  [`http://${'a'.repeat(60)}.${'b'.repeat(60)}.example/`, `${'a'.repeat(60)}.${'b'.repeat(39)}`],
])('%s has a name of its own, too', async (url, name) => {
  expect(await addTarget(stage.world, operator, host({ params: { url } }), noon)).toMatchObject({
    ok: true,
    name,
  });
});

it('a look shows live values in words, and the rules that could be made', async () => {
  const look = await probeTarget(stage.world, operator, host({ name: 'web1' }), noon);
  expect(look).toMatchObject({
    ok: true,
    name: 'web1',
    shown: [
      {
        topic: 'host.memory',
        subject: 'web1',
        fields: [
          { name: 'available', title: 'Available memory', value: 20, unit: '%' },
          { name: 'availableBytes', title: 'Available memory', value: 20, unit: 'bytes' },
        ],
      },
    ],
  });
  if (!look.ok) return;
  expect(look.offers.find(({ document }) => document.topic === 'host.up')!.document.match).toEqual([
    'instance = "web1"',
  ]);
  expect(await listTargets(stage.world, operator, noon)).toMatchObject({ targets: [] });
});

it('a password is sealed, sent to the target, and shown to nobody', async () => {
  const { world } = stage;
  const login = { user: 'Ana', password: 'correct horse' };
  await probeTarget(world, operator, host({ login }), noon);
  expect(asked[0]!.headers!.authorization).toBe(`Basic ${btoa('Ana:correct horse')}`);
  const added = await addTarget(world, operator, host({ name: 'web1', login }), noon);
  if (!added.ok) throw new Error(added.text);
  const [row] = await world.database.sql`select secret from targets`;
  expect(row!.secret).toMatch(/^test:/);
  const everything = JSON.stringify([
    await listTargets(world, operator, noon),
    await auditTrail(world.database.db, { target: added.id }),
    row,
  ]);
  expect(everything).not.toMatch(/correct|horse|Basic|QW5h/);
  expect(everything).toMatch(/"login":true/);
  expect(await sealAnew(world.database.db, world.keyring, world.chance)).toBe(0);
});

it('a token in the address is asked with, and stands in no trail', async () => {
  const { world } = stage;
  const params = { url: 'http://127.0.0.1:9100/metrics?token=correct-horse&format=text' };
  const added = await addTarget(world, operator, host({ name: 'web1', params }), noon);
  if (!added.ok) throw new Error(added.text);
  const [noted] = await auditTrail(world.database.db, { target: added.id });
  expect(noted!.detail).toMatchObject({
    params: { url: 'http://127.0.0.1:9100/metrics?token=…&format=…' },
  });
  const listed = await listTargets(world, operator, noon);
  expect(listed).toMatchObject({ targets: [{ params }] });
});

it('the list says how each one is', async () => {
  const { world } = stage;
  for (const name of ['late', 'paused', 'up', 'waiting'])
    await addTarget(world, operator, host({ name }), noon);
  await pauseTarget(world, operator, { target: 'paused', paused: true }, noon);
  await world.database.sql`update targets set up = true where name = 'up'`;
  const later = new Date(noon - 3_600_000).toISOString();
  await world.database.sql`update targets set next_at = ${later} where name in ('late', 'paused')`;
  const listed = await listTargets(world, operator, noon);
  if (!listed.ok) throw new Error(listed.text);
  expect(listed.targets.map(({ name, state }) => [name, state])).toEqual([
    ['late', 'late'],
    ['paused', 'paused'],
    ['up', 'up'],
    ['waiting', 'waiting'],
  ]);
  // A second press changes nothing; one that is resumed is asked at once.
  await pauseTarget(world, operator, { target: 'paused', paused: true }, noon);
  await pauseTarget(world, operator, { target: 'paused', paused: false }, noon + 5);
  const [row] = await world.database.sql`select next_at from targets where name = 'paused'`;
  expect(new Date(row!.next_at).getTime()).toBe(noon + 5);
});
