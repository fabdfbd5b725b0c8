// The address of a heartbeat: what each call becomes, how often it counts, and that wrong addresses learn nothing.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDoor } from '#http.ts';
import { openMetrics } from '#metrics.ts';
import { keyHash } from '#store/key-text.ts';
import { type Door, openDoor } from './door.ts';

const token = 'AAAAAAAAAAAAAAAAAAAAAA';
let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());
beforeEach(async () => {
  door.clock.now += 3_600_000;
  await door.database.sql`truncate heartbeats, events`;
  await door.database
    .sql`insert into heartbeats (id, name, topic, owner_id, hash, expects, rule_ids, created_by, created_at)
    values ('h_1', 'nightly backup', 'heartbeat.nightly_backup', 'p_1', ${keyHash(token)}, '{"every":"1d"}', '[]', 'operator', now())`;
});

const call = (what = '', init: RequestInit = {}) => door.app.request(`/v1/ping/${token}${what}`, init);
const told = async () => {
  const rows = await door.database.sql`select type, subject, source, status, body from events order by seq`;
  return rows.map(({ body, ...rest }) => ({ ...rest, ...JSON.parse(body) }));
};
const beat = async () => (await door.database.sql`select * from heartbeats`)[0]!;

describe('what a call becomes', () => {
  it.each(['GET', 'POST', 'PUT', 'HEAD'])('%s says that all is well', async (method) => {
    const answer = await call('', { method });
    expect([answer.status, await answer.text()]).toEqual([200, method === 'HEAD' ? '' : 'OK\n']);
    expect(await told()).toEqual([
      {
        type: 'heartbeat.nightly_backup',
        subject: 'nightly backup',
        source: 'heartbeat',
        status: 'resolved',
        labels: {},
        data: {
          title: 'nightly backup',
          status: 'ok',
          description: 'finished well',
          ending: 'finished well',
        },
      },
    ]);
    expect(await beat()).toMatchObject({ last_status: 'ok' });
  });

  it('a start, words in between, an end with an exit code and its last lines', async () => {
    await call('/start');
    door.clock.now += 30_000;
    await call('/log', { method: 'POST', body: 'half of it' });
    door.clock.now += 11_240;
    await call('/2', { method: 'POST', body: 'line one\ndisk full\n' });
    expect((await told()).map(({ status, data }) => [status, data])).toEqual([
      [null, { title: 'nightly backup', status: 'start', description: 'began' }],
      [null, { title: 'nightly backup', status: 'log', description: 'says something', log: 'half of it' }],
      [
        'firing',
        {
          title: 'Failure of nightly backup',
          status: 'fail',
          exitCode: 2,
          duration: 41.2,
          description: 'failed with exit code 2 after 41 s: disk full',
          log: 'line one\ndisk full\n',
        },
      ],
    ]);
    expect(await beat()).toMatchObject({ last_status: 'fail', started_at: null });
  });

  it('an exit code of 0 is well; /fail fails without one', async () => {
    await call('/0');
    await call('/fail');
    expect((await told()).map(({ data }) => [data.status, data.exitCode])).toEqual([
      ['ok', 0],
      ['fail', undefined],
    ]);
  });

  it('a start that nobody ended does not make the next run a week long', async () => {
    await call('/start');
    door.clock.now += 7 * 86_400_000;
    await call();
    expect((await told()).at(-1)!.data.duration).toBeUndefined();
  });

  it('keeps the end of a long log, and counts whatever else comes', async () => {
    await call('/log', { method: 'POST', body: `${'x'.repeat(200_000)}the end` });
    await call('', { method: 'POST', body: Buffer.from([0xff, 0x00, 0xfe]) });
    const [long, strange] = await told();
    expect(long!.data.log).toHaveLength(8_000);
    expect(long!.data.log).toMatch(/xthe end$/);
    expect(strange!.data.status).toBe('ok');
  });
});

it('a run that names itself may call again after a lost answer', async () => {
  const run = '?rid=2f7a1d9e-0000-4000-8000-000000000000';
  for (let i = 0; i < 2; i++) expect((await call(`/start${run}`)).status).toBe(200);
  door.clock.now += 5_000;
  for (const body of ['first', 'other words'])
    expect((await call(`/0${run}`, { method: 'POST', body })).status).toBe(200);
  expect((await told()).map(({ data }) => [data.status, data.duration])).toEqual([
    ['start', undefined],
    ['ok', 5],
  ]);
});

it('wrong addresses are all answered alike', async () => {
  const answers = [];
  for (const path of [
    'BBBBBBBBBBBBBBBBBBBBBB',
    'short',
    `${token}/stop`,
    `${token}/256`,
    `${token}/-1`,
    `${token}x`,
    'x'.repeat(500),
    "'%20or%201=1",
  ]) {
    const answer = await door.app.request(`/v1/ping/${path}`);
    answers.push(`${answer.status} ${await answer.text()}`);
  }
  expect(new Set(answers)).toEqual(new Set(['404 There is no such heartbeat.\n']));
  expect(await told()).toEqual([]);
  expect((await door.app.request(`/v1/ping/${token}`, { method: 'DELETE' })).status).toBe(405);
});

it('one heartbeat in a tight loop is slowed down, the others are not', async () => {
  const answers = [];
  for (let i = 0; i < 70; i++) answers.push((await call()).status);
  expect(answers.filter((status) => status === 200)).toHaveLength(60);
  expect(answers.filter((status) => status === 429)).toHaveLength(10);
  door.clock.now += 2_000;
  expect((await call()).status).toBe(200);
});

it('answers the same through the whole door', async () => {
  const app = makeDoor({
    ingest: door.app,
    health: async () => {
      throw new Error('not asked');
    },
    ready: () => true,
    metrics: openMetrics(),
    mayRead: async () => false,
    broke: () => {},
  });
  expect((await app.request(`/v1/ping/${token}`, { method: 'HEAD' })).status).toBe(200);
});
