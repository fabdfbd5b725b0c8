// What is done about an alert over HTTP, with a key of the scope `admin`: the operations behind its buttons.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Rule } from '#core/rule.ts';
import { createKey } from '#operations/create-key.ts';
import { erasePerson, finishErasing } from '#operations/erase-person.ts';
import { transitionsOf } from '#store/alert-lists.ts';
import { auditTrail } from '#store/audit.ts';
import { findAlert } from '#store/find-alerts.ts';
import { addAlert, addPerson, addRule, operator } from '../operations/stage.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let rule: Rule;
let ana = '';
let alert = '';
beforeAll(async () => {
  door = await openDoor();
  const { person } = await addPerson(door.world, 'Ana');
  ana = `telegram:${person.telegramId}`;
  rule = await addRule(door.world, person.id, { name: 'Disk nearly full' });
});
afterAll(() => door.close());
beforeEach(async () => {
  alert = (await addAlert(door.world, rule, door.clock.now)).id;
});

/** The tables with a row in which these words stand. */
async function tablesWith(words: string): Promise<string[]> {
  const { db } = door.database;
  const tables = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = current_schema()`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const table = sql.identifier(name);
    const rows = await db.execute(sql`select 1 from ${table} t where strpos(t::text, ${words}) > 0 limit 1`);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

async function does(deed: string, body?: unknown, id = alert) {
  const response = await door.app.request(`/v1/alerts/${id}/${deed}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bootstrap}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  return { status: response.status, json: (await response.json()) as any };
}

it('acknowledge, release and resolve change it once, and then say how it stands', async () => {
  expect(await does('acknowledge')).toMatchObject({
    status: 200,
    json: {
      id: alert,
      status: 'acknowledged',
      acknowledgedBy: 'bootstrap',
      acknowledgedAt: '2026-05-04T12:00:00.000Z',
    },
  });
  expect(await does('acknowledge')).toMatchObject({
    status: 409,
    json: { detail: 'bootstrap acknowledged this just now.' },
  });
  expect(await does('release')).toMatchObject({ status: 200, json: { status: 'firing' } });
  expect((await does('release')).status).toBe(409);
  expect(await does('resolve')).toMatchObject({ status: 200, json: { status: 'resolved' } });
  expect((await does('resolve')).status).toBe(409);
  const noted = await auditTrail(door.database.db, { target: alert });
  expect(noted.map(({ verb }) => verb).sort()).toEqual([
    'acknowledge-alert',
    'release-alert',
    'resolve-alert',
  ]);
  expect(noted.every(({ actor }) => actor.startsWith('key:'))).toBe(true);
});

it('a key may act for a person, who is named with it', async () => {
  expect((await does('acknowledge', { by: ana })).json).toMatchObject({
    acknowledgedBy: 'Ana (through bootstrap)',
  });
  const last = (await transitionsOf(door.database.db, alert)).at(-1);
  expect(last).toMatchObject({
    by: 'Ana (through bootstrap)',
    byRef: expect.stringMatching(/^key:\S+ person:p_/),
  });
  const [noted] = await auditTrail(door.database.db, { target: alert });
  expect(noted).toMatchObject({
    actor: expect.stringMatching(/^key:\S+$/),
    detail: { for: /person:.*/.exec(last!.byRef!)![0] },
  });
  // The trail shows both, and finds it for either.
  const both = { actor: noted!.actor, name: 'bootstrap', for: `person:${rule.ownerId}`, forName: 'Ana' };
  for (const who of [ana, `person:${rule.ownerId}`, noted!.actor]) {
    const { json } = await door.get(`/v1/audit?alert=${alert}&actor=${who}`);
    expect(json.audit).toMatchObject([{ verb: 'acknowledge-alert', ...both }]);
  }
  await does('release');
  const { json } = await door.get(`/v1/audit?alert=${alert}`);
  expect(json.audit).toMatchObject([{ verb: 'release-alert', for: null, forName: null }, both]);
});

it('snooze lasts for a time, until an instant or the morning, and is ended', async () => {
  expect((await does('snooze', { for: '2h' })).json).toMatchObject({
    snoozedUntil: '2026-05-04T14:00:00.000Z',
  });
  expect((await does('snooze', { until: '2026-05-04T15:00:00Z' })).json).toMatchObject({
    snoozedUntil: '2026-05-04T15:00:00.000Z',
  });
  // Nine o'clock in Berlin.
  expect((await does('snooze', { until: 'morning' })).json).toMatchObject({
    snoozedUntil: '2026-05-05T07:00:00.000Z',
  });
  expect((await does('snooze', { until: 'change' })).json).toMatchObject({
    snoozedUntil: '9999-01-01T00:00:00.000Z',
  });
  expect((await does('snooze', { until: 'change' })).json.detail).toBe('This is snoozed until it changes.');
  expect(await does('unsnooze', { by: ana })).toMatchObject({ status: 200, json: { snoozedUntil: null } });
  expect((await does('unsnooze')).status).toBe(409);
});

it('a note stays with the alert, also when it is over', async () => {
  expect((await does('note', { text: ' the disk is being swapped ', by: ana })).status).toBe(200);
  expect((await does('resolve')).status).toBe(200);
  expect((await does('note', { text: 'it was the log' })).json).toMatchObject({ status: 'resolved' });
  const told = await transitionsOf(door.database.db, alert);
  expect(told.filter(({ change }) => change === 'noted')).toMatchObject([
    { note: 'the disk is being swapped', by: 'Ana (through bootstrap)' },
    { note: 'it was the log', by: 'bootstrap' },
  ]);
});

it.each([
  ['note', {}, 'text'],
  ['note', { text: 5 }, 'text'],
  ['snooze', {}, 'until'],
  ['snooze', { for: '1h', until: 'morning' }, 'until'],
  ['snooze', { until: 'tomorrow' }, 'until'],
  ['snooze', { for: 300 }, 'for'],
  ['snooze', { for: '1s' }, 'for'],
  ['snooze', { for: '99999d' }, 'for'],
  ['snooze', { until: '2020-01-01T00:00:00Z' }, 'until'],
  ['note', { text: ' ' }, 'text'],
  ['note', { text: 'x'.repeat(1_001) }, 'text'],
  ['acknowledge', { who: 'me' }, 'who'],
  ['acknowledge', { by: 'telegram:5' }, 'by'],
  ['acknowledge', { by: 7001 }, 'by'],
])('%s with %j is refused by the name of the fault', async (deed, body, path) => {
  expect(await does(deed, body)).toMatchObject({ status: 422, json: { errors: [{ path }] } });
});

it('what there is nothing to end of is said, with date and zone', async () => {
  expect((await does('unsnooze')).json.detail).toBe('This is not snoozed.');
  expect((await does('snooze', { for: '99999d' })).json.errors[0].text).toContain('is too long');
  await does('snooze', { for: '2h' });
  expect((await does('release')).json.detail).toBe(
    'Nobody has acknowledged this. This is snoozed until 2026-05-04T14:00:00.000Z.',
  );
  await does('resolve');
  expect((await does('unsnooze')).json.detail).toBe('This is over since 2026-05-04T12:00:00.000Z.');
});

it('a span that is none, an alert that is none and a verb that is none', async () => {
  expect((await does('snooze', { for: '1s' })).status).toBe(422);
  expect((await does('note', { text: ' ' })).json.detail).toBe('A note has at least a word.');
  expect((await does('acknowledge', undefined, 'a_none')).status).toBe(404);
  expect((await does('explode')).status).toBe(404);
  const got = await door.app.request(`/v1/alerts/${alert}/acknowledge`);
  expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
});

it('somebody who is erased is named nowhere, also where a key acted for them', async () => {
  const { world, database } = door;
  for (const name of ['Zenobia Quill', 'Jo']) {
    const { person } = await addPerson(world, name);
    const by = `telegram:${person.telegramId}`;
    const second = (await addAlert(world, rule, door.clock.now)).id;
    expect((await does('acknowledge', { by }, second)).json.acknowledgedBy).toBe(
      `${name} (through bootstrap)`,
    );
    await does('note', { by, text: 'seen' }, second);
    await does('snooze', { by, for: '1h' }, second);
    const personId = person.id;
    const { now } = door.clock;
    expect(await erasePerson(world, operator, { personId }, now)).toMatchObject({ ok: true });
    await database.db.transaction((tx) => finishErasing(world, tx, personId, now + 1_200_000));
    expect(await does('note', { by, text: 'later' }, second)).toMatchObject({ status: 422 });
    const told = await transitionsOf(database.db, second);
    expect(told.filter(({ change }) => change !== 'fired').map(({ by }) => by)).toEqual(
      Array(3).fill('somebody who has left'),
    );
    expect((await findAlert(database.db, second))!.acknowledgedBy).toBe('somebody who has left');
    expect(await tablesWith(`${name} (`)).toEqual([]);
    await does('resolve', {}, second);
  }
});

it('a key whose topics end before the alert neither sees nor changes it', async () => {
  const input = { source: 'narrow', scopes: ['admin'], topics: ['other.**'] };
  const made = await createKey(door.world, operator, input, door.clock.now);
  if (!made.ok) throw new Error(made.text);
  const { key } = made;
  const response = await door.app.request(`/v1/alerts/${alert}/acknowledge`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  const none = await door.app.request('/v1/alerts/a_none/acknowledge', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  expect([response.status, await response.text()]).toEqual([404, await none.text()]);
  expect((await findAlert(door.database.db, alert))!.status).toBe('firing');
});
