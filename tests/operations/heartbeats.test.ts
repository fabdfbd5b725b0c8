// Heartbeats: who may make them for whom, the two rules they come with, and that they end together.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#core/actor.ts';
import { heartbeatTopic } from '#core/heartbeat.ts';
import { topicFault } from '#core/topic.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { createHeartbeat, type HeartbeatInput } from '#operations/create-heartbeat.ts';
import { listHeartbeats } from '#operations/list-heartbeats.ts';
import { removeHeartbeat } from '#operations/remove-heartbeat.ts';
import { renewHeartbeat } from '#operations/renew-heartbeat.ts';
import { auditTrail } from '#store/audit.ts';
import { dropHeartbeatsOf, heartbeatOf, listHeartbeats as heartbeatsOf } from '#store/heartbeats.ts';
import { keyHash } from '#store/key-text.ts';
import { rulesOf } from '#store/rules.ts';
import { addAlert, addGroup, addPerson, asActor, noon, openStage, operator, type Stage } from './stage.ts';

let stage: Stage;
let ownerId: string;
let actors: Record<string, Actor>;
beforeAll(async () => {
  stage = await openStage();
  const [ben, mia, adam] = [
    await addPerson(stage.world, 'Ben'),
    await addPerson(stage.world, 'Mia'),
    await addPerson(stage.world, 'Adam', 'admin'),
  ];
  ownerId = ben.person.id;
  actors = {
    own: asActor(ben.person),
    other: asActor(mia.person),
    admin: asActor(adam.person),
    reader: { is: 'key', sourceId: 's_1', name: 'reader', scopes: ['read', 'ingest'] },
    keeper: { is: 'key', sourceId: 's_2', name: 'keeper', scopes: ['admin'] },
    clock: { is: 'clock' },
    operator,
  };
});
afterAll(() => stage.end());
beforeEach(async () => {
  await stage.world.database.sql`delete from heartbeats`;
});

const wish = (more: Partial<HeartbeatInput> = {}) => ({
  ownerId,
  name: 'nightly backup',
  expects: { cron: '0 3 * * *', zone: 'Europe/Berlin', grace: '10m' },
  book: kindBook,
  ...more,
});
const must = async (more: Partial<HeartbeatInput> = {}) => {
  const made = await createHeartbeat(stage.world, operator, wish(more), noon);
  if (!made.ok) throw new Error(made.text);
  return made;
};

describe('who may', () => {
  it.each(['own', 'other', 'admin', 'reader', 'keeper', 'clock', 'operator'])('%s', async (who) => {
    const actor = actors[who]!;
    const there = await must({ name: `of ${who}` });
    const done = [
      await createHeartbeat(stage.world, actor, wish(), noon),
      await renewHeartbeat(stage.world, actor, { heartbeat: there.id }, noon),
      await removeHeartbeat(stage.world, actor, { heartbeat: `of ${who}` }, noon),
    ];
    const listed = await listHeartbeats(stage.world, actor);
    if (['own', 'admin', 'keeper', 'operator'].includes(who)) {
      expect(done.map(({ ok }) => ok)).toEqual([true, true, true]);
      expect(listed).toMatchObject({ heartbeats: [{ name: 'nightly backup' }] });
      const trail = await auditTrail(stage.world.database.db, { target: there.id });
      expect(trail.map(({ verb }) => verb)).toEqual([
        'remove-heartbeat',
        'renew-heartbeat',
        'create-heartbeat',
      ]);
      return;
    }
    for (const one of done) expect(one).toMatchObject({ ok: false, code: 'forbidden' });
    expect(listed).toMatchObject({ heartbeats: [] });
  });
});

it('comes with a rule that it is late and one that it failed, and keeps only the token’s digest', async () => {
  const made = await must();
  const { db, sql } = stage.world.database;
  const found = await rulesOf(db, [ownerId]);
  const rules = made.ruleIds.map((id) => found.find((rule) => rule.id === id)!);
  expect(
    rules.map(({ name, kind, topic, key, params, severity }) => ({
      name,
      kind,
      topic,
      key,
      params,
      severity,
    })),
  ).toEqual([
    {
      name: 'Missing call from nightly backup',
      kind: 'absence',
      topic: 'heartbeat.nightly_backup',
      key: ['subject'],
      params: { cron: '0 3 * * *', zone: 'Europe/Berlin', grace: '10m' },
      severity: 'warning',
    },
    {
      name: 'Failure of nightly backup',
      kind: 'every',
      topic: 'heartbeat.nightly_backup',
      key: ['subject'],
      params: {},
      severity: 'warning',
    },
  ]);
  expect(made.token).toMatch(/^[\w-]{22}$/);
  expect(await heartbeatOf(db, keyHash(made.token))).toMatchObject({ id: made.id });
  const kept = JSON.stringify([await sql`select * from heartbeats`, await sql`select * from audit`]);
  expect(kept).not.toContain(made.token);
  // Another address: the old one is nobody's.
  const renewed = await renewHeartbeat(stage.world, operator, { heartbeat: 'nightly backup' }, noon);
  if (!renewed.ok) throw new Error(renewed.text);
  expect(await heartbeatOf(db, keyHash(made.token))).toBeUndefined();
  expect(await heartbeatOf(db, keyHash(renewed.token))).toMatchObject({ id: made.id });
});

it('ends together with its rules and their alerts', async () => {
  const made = await must();
  const { db, sql } = stage.world.database;
  const rule = (await rulesOf(db, [ownerId])).find(({ id }) => id === made.ruleIds[0])!;
  await addAlert(stage.world, rule);
  const removed = await removeHeartbeat(stage.world, operator, { heartbeat: made.id }, noon + 1);
  expect(removed).toMatchObject({ ok: true, name: 'nightly backup' });
  expect((await rulesOf(db, [ownerId])).filter(({ id }) => made.ruleIds.includes(id))).toEqual([]);
  expect(await sql`select status from alerts where rule_id = ${rule.id}`).toMatchObject([
    { status: 'resolved' },
  ]);
  expect(await removeHeartbeat(stage.world, operator, { heartbeat: made.id }, noon)).toMatchObject({
    code: 'not-found',
  });
});

describe('what is refused', () => {
  it('a name that is taken, leaving nothing behind', async () => {
    await must();
    const before = await rulesOf(stage.world.database.db, [ownerId]);
    const { group } = await addGroup(stage.world, 'Team');
    for (const owner of [ownerId, group.id])
      expect(await createHeartbeat(stage.world, operator, wish({ ownerId: owner }), noon)).toMatchObject({
        ok: false,
        code: 'conflict',
        text: expect.stringMatching(/already a heartbeat called nightly backup/),
      });
    expect(await rulesOf(stage.world.database.db, [ownerId])).toEqual(before);
    expect(await rulesOf(stage.world.database.db, [group.id])).toEqual([]);
  });

  it.each([
    [{ name: '' }, /1 to 100 letters/],
    [{ name: 'a "quoted" name' }, /1 to 100 letters/],
    [{ expects: { every: 'soon' } }, /every/],
    [{ expects: { cron: 'at noon' } }, /cron/],
    [{ expects: { cron: '0 3 * * *', zone: 'Mars/Olympus' } }, /zone/],
  ])('%j', async (more, text) => {
    const refused = await createHeartbeat(stage.world, operator, wish(more), noon);
    expect(refused).toMatchObject({ ok: false, code: 'invalid', text: expect.stringMatching(text) });
  });
});

it('makes a topic of every name', () => {
  expect(heartbeatTopic('nightly backup')).toBe('heartbeat.nightly_backup');
  expect(heartbeatTopic('db.Größe/tag')).toBe('heartbeat.db.Gro_e_tag');
  for (const name of ['ночь', '..', 'a..b', '日', 'x'.repeat(100)])
    expect(topicFault(heartbeatTopic(name))).toBeUndefined();
});

it('all of an owner go together when they do, and nobody else’s', async () => {
  await must();
  await must({ name: 'sync', ownerId: (await addPerson(stage.world, 'Kim')).person.id });
  const gone = await stage.world.database.db.transaction((tx) => dropHeartbeatsOf(tx, ownerId));
  expect(gone).toBe(1);
  expect((await heartbeatsOf(stage.world.database.db)).map(({ name }) => name)).toEqual(['sync']);
});
