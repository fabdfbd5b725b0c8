// What became of an event and an alert, as rows of the ledger tell it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Observation } from '#core/alert.ts';
import { openAlert, stepAlert } from '#core/alert-life.ts';
import { createKey, type KeyInput } from '#operations/create-key.ts';
import { commit } from '#store/alerts.ts';
import { type Door, openDoor } from './door.ts';

const operator = { is: 'operator' as const, name: 'operator' };

let door: Door;
let seq: number;
beforeAll(async () => {
  door = await openDoor();
  const { json } = await door.post({
    type: 'disk.usage',
    subject: '/sarc/cad',
    data: { usage: 93.5, at: 5 },
    labels: { host: 'cad1' },
    time: '2026-05-04T11:59:59.5Z',
  });
  seq = json.events[0].seq;
  const { sql, db } = door.database;
  const now = door.clock.now;
  const seen: Observation = {
    reading: { is: 'met', value: 93.5, limit: 90, text: '93.5, limit 90' },
    severity: 'warning',
    title: 'Disk nearly full',
    fields: { usage: '93.5' },
    forMs: 0,
    keepFiringForMs: 0,
    seq,
  };
  const opened = openAlert(
    {
      id: 'a_1',
      ruleId: 'r_1',
      ownerId: 'p_1',
      key: '["/sarc/cad"]',
      labels: { subject: '/sarc/cad' },
      topic: 'disk.usage',
      subject: '/sarc/cad',
    },
    seen,
    now,
  );
  const acknowledged = stepAlert(
    opened.alert,
    { is: 'acknowledge', by: { is: 'person', personId: 'p_1', name: 'Ana', role: 'member' } },
    now + 60_000,
  )!;
  await db.transaction((tx) =>
    commit(
      tx,
      [
        { step: opened, receivers: ['v_1', 'v_2'] },
        { step: acknowledged, receivers: [] },
      ],
      now,
    ),
  );
  await sql`update notifications set status = 'suppressed', reason = 'silenced', detail = 'Silenced by Ana' where receiver_id = 'v_2'`;
  await sql`insert into receivers (id, owner_id, channel, address, label, created_at) values ('v_1', 'p_1', 'telegram', '7001', 'Ana', now())`;
  await sql`insert into deliveries (notification_id, attempt, channel, address, outcome, marked, started_at)
    select id, 1, 'telegram', '7001', 'sent', false, ${new Date(now).toISOString()} from notifications where receiver_id = 'v_1'`;
  await sql`update events set processed_at = ${new Date(now).toISOString()}, matched = 1 where seq = ${seq}`;
});
afterAll(() => door.close());

it('an event tells its whole story', async () => {
  const { status, json } = await door.get(`/v1/events/${seq}`);
  expect(status).toBe(200);
  expect(json).toMatchObject({
    seq,
    type: 'disk.usage',
    time: '2026-05-04T11:59:59.500Z',
    receivedAt: '2026-05-04T12:00:00.000Z',
    processed: true,
    matched: 1,
    data: { usage: 93.5, at: 5 },
    labels: { host: 'cad1' },
    transitions: [
      {
        alertId: 'a_1',
        ruleId: 'r_1',
        change: 'fired',
        to: 'firing',
        at: '2026-05-04T12:00:00.000Z',
        reading: { text: '93.5, limit 90' },
      },
    ],
  });
  expect(json.notifications).toMatchObject([
    {
      kind: 'firing',
      receiver: 'Ana',
      channel: 'telegram',
      status: 'pending',
      deliveries: [{ attempt: 1, outcome: 'sent', marked: false }],
    },
    {
      kind: 'firing',
      receiver: null,
      status: 'suppressed',
      reason: 'silenced',
      detail: 'Silenced by Ana',
      deliveries: [],
    },
  ]);
  expect(JSON.stringify(json)).not.toMatch(/7001|bodyHash|sourceId/);
});

it('alerts are listed, by status, and told one by one', async () => {
  expect((await door.get('/v1/alerts')).json.alerts).toMatchObject([
    { id: 'a_1', status: 'acknowledged', acknowledgedBy: 'Ana', firedAt: '2026-05-04T12:00:00.000Z' },
  ]);
  expect((await door.get('/v1/alerts?status=acknowledged,firing&limit=1')).json.alerts).toHaveLength(1);
  expect((await door.get('/v1/alerts?status=firing')).json.alerts).toEqual([]);
  const { json } = await door.get('/v1/alerts/a_1');
  expect(json.transitions.map(({ change, by }: { change: string; by: string }) => [change, by])).toEqual([
    ['fired', null],
    ['acknowledged', 'Ana'],
  ]);
  expect(json.notifications).toHaveLength(2);
});

it.each([
  '/v1/events/0',
  '/v1/events/-1',
  '/v1/events/1.5',
  '/v1/events/99999999999999999999',
  '/v1/events/x',
  '/v1/events/%00',
  '/v1/alerts/%00',
  '/v1/alerts/a_2',
  '/v1/alerts/%ed%a0%80',
])('%s is a 404', async (path) => {
  expect((await door.get(path)).status).toBe(404);
});
it.each(['?status=burning', '?limit=0', '?limit=1001', '?limit=x'])(
  '/v1/alerts%s is a 400 that names the word',
  async (query) => {
    const { status, json } = await door.get(`/v1/alerts${query}`);
    expect(status).toBe(400);
    expect(json.errors[0].path).toBe(/\w+/.exec(query)![0]);
  },
);

const keyWith = async (input: Partial<KeyInput>) => {
  const made = await createKey(door.world, operator, { source: 'readers', ...input }, door.clock.now);
  if (!made.ok) throw new Error(made.text);
  return made.key;
};

it('shows who is told only to admins, and the whole body only to keys for every topic', async () => {
  const { sql } = door.database;
  await sql`update events set raw = 'the neighbours’ alerts' where seq = ${seq}`;
  const narrow = await keyWith({ scopes: ['read'], topics: ['disk.**'] });
  const wide = await keyWith({ scopes: ['read'], topics: ['**'] });
  for (const path of [`/v1/events/${seq}`, '/v1/alerts/a_1']) {
    const { json } = await door.get(path, narrow);
    expect(json.notifications.map(({ status }: { status: string }) => status)).toEqual([
      'pending',
      'suppressed',
    ]);
    expect(JSON.stringify(json.notifications)).not.toMatch(/Ana|v_1|v_2/);
    expect(json).not.toHaveProperty('raw');
    expect((await door.get(path)).json.notifications[0].receiver).toBe('Ana');
  }
  expect((await door.get(`/v1/events/${seq}`, wide)).json.raw).toBe('the neighbours’ alerts');
});

it('finds a key’s alerts behind any number of others’', async () => {
  await door.database
    .sql`insert into alerts (id, rule_id, owner_id, key, labels, topic, subject, title, fields, status,
      severity, reading, since, count, rev)
    select 'a_other' || i, 'r', 'p', i::text, '{}', 'other.topic', '', 't', '{}', 'resolved', 'info', '{}',
      now() + interval '1 day', 1, 1 from generate_series(1, 1100) i`;
  for (const pattern of ['disk.**', '*.usage', 'disk.usage', '**.usage']) {
    const key = await keyWith({ scopes: ['read'], topics: ['nothing', pattern] });
    const { json } = await door.get('/v1/alerts?limit=5', key);
    expect(json.alerts.map(({ id }: { id: string }) => id)).toEqual(['a_1']);
  }
});
