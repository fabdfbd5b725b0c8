// Silences over HTTP, with a key of the scope `admin`: made, found again in each form, ended, and every fault by name.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { deleteRule } from '#operations/delete-rule.ts';
import { auditTrail } from '#store/audit.ts';
import { addGroup, addPerson, addRule } from '../operations/stage.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let ana = '';
let anaId = '';
let ruleId = '';
let group = '';
beforeAll(async () => {
  door = await openDoor();
  const { person } = await addPerson(door.world, 'Ana');
  anaId = person.id;
  ana = `telegram:${person.telegramId}`;
  ruleId = (await addRule(door.world, person.id, { name: 'Disk nearly full' })).id;
  group = `telegram:${(await addGroup(door.world, 'Ops')).group.chatId}`;
});
afterAll(() => door.close());
beforeEach(async () => {
  for (const { id } of await list()) await ask('DELETE', `/v1/silences/${id}`);
});

async function send(method: string, path: string, text?: string, type = 'application/json') {
  const response = await door.app.request(path, {
    method,
    headers: {
      authorization: `Bearer ${bootstrap}`,
      ...(text === undefined ? {} : { 'content-type': type }),
    },
    ...(text === undefined ? {} : { body: text }),
  });
  return { status: response.status, text: await response.text() };
}

async function ask(method: string, path: string, body?: unknown) {
  const { status, text } = await send(method, path, body === undefined ? undefined : JSON.stringify(body));
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  return { status, json: JSON.parse(text) as any };
}

/** The same some minutes later. */
async function later<T>(minutes: number, then: () => Promise<T>): Promise<T> {
  const before = door.clock.now;
  door.clock.now += minutes * 60_000;
  return then().finally(() => {
    door.clock.now = before;
  });
}

const list = async (query = '') => (await ask('GET', `/v1/silences${query}`)).json as { id: string }[];

it('one is made for a person, shown and ended, and each is noted', async () => {
  const made = await ask('POST', '/v1/silences', {
    owner: ana,
    topic: 'disk.**',
    match: ['host = "cad1"'],
    for: '2h',
    comment: 'the array is rebuilt',
  });
  expect(made).toMatchObject({ status: 201, json: { created: 1, changed: 0, unchanged: 0, over: 0 } });
  const [silence] = made.json.silences;
  expect(silence).toEqual({
    id: silence.id,
    owner: ana,
    topic: 'disk.**',
    match: ['host = "cad1"'],
    from: '2026-05-04T12:00:00.000Z',
    until: '2026-05-04T14:00:00.000Z',
    comment: 'the array is rebuilt',
    madeBy: 'bootstrap',
    state: 'now',
  });
  expect((await ask('GET', `/v1/silences/${silence.id}`)).json).toEqual(silence);
  expect(await list()).toEqual([silence]);
  expect(await ask('DELETE', `/v1/silences/${silence.id}`)).toMatchObject({ status: 200 });
  expect(await list()).toEqual([]);
  expect((await ask('GET', `/v1/silences/${silence.id}`)).json).toMatchObject({ state: 'over' });
  expect(await list('?state=over')).toMatchObject([{ id: silence.id }]);
  expect(await ask('DELETE', `/v1/silences/${silence.id}`)).toMatchObject({ status: 409 });
  const verbs = await auditTrail(door.database.db, { target: silence.id });
  expect(verbs.map(({ verb }) => verb).sort()).toEqual(['lift-silence', 'silence-alerts']);
});

it('a rule is muted by its id or its name, later or every week, for oneself or a group', async () => {
  const at = (hour: number) => `2026-05-05T${hour}:00:00Z`;
  const wanted = [
    { rule: ruleId, from: at(10), until: at(12) },
    { owner: ana, rule: 'Disk nearly full', for: '1h' },
    { owner: group, topic: 'builds.**', weekly: 'Sat 2-4' },
    { owner: ana, topic: 'cpu.**', weekly: { when: 'Mon-Fri 22:00-07:00', zone: 'Asia/Tokyo' }, for: '30d' },
  ];
  const { status, json } = await ask('POST', '/v1/silences', wanted);
  expect([status, json.created]).toEqual([201, 4]);
  expect(json.silences).toMatchObject([
    { rule: 'Disk nearly full', owner: ana, topic: '**', state: 'later' },
    { rule: 'Disk nearly full', owner: ana, state: 'now' },
    { owner: group, weekly: { when: 'Sat 02:00-04:00', zone: 'Europe/Berlin' }, state: 'later' },
    { owner: ana, weekly: { when: 'Mon-Fri 22:00-07:00', zone: 'Asia/Tokyo' } },
  ]);
  expect(await list(`?owner=${group}`)).toHaveLength(1);
  expect(await list('?state=now')).toMatchObject([{ rule: 'Disk nearly full' }]);
});

it.each([
  ['yaml', 'application/yaml'],
  ['ndjson', 'application/x-ndjson'],
  ['json', 'application/json'],
])('what is given as %s makes them again, and twice changes nothing', async (format, type) => {
  const body = [
    { owner: ana, topic: 'disk.**', for: '2h' },
    { owner: ana, rule: ruleId, for: '1h', comment: 'known' },
    { owner: group, topic: 'builds.**', weekly: 'Sat 2-4' },
  ];
  expect((await ask('POST', '/v1/silences', body)).status).toBe(201);
  const file = (await send('GET', `/v1/silences?format=${format}`)).text;
  const again = await send('POST', '/v1/silences', file, type);
  expect([again.status, JSON.parse(again.text)]).toMatchObject([
    200,
    { created: 0, changed: 0, unchanged: 3 },
  ]);
  for (const { id } of await list()) await ask('DELETE', `/v1/silences/${id}`);
  const anew = await send('POST', '/v1/silences', file, type);
  expect([anew.status, JSON.parse(anew.text).created]).toEqual([201, 3]);
});

it('a longer one of the same is the same one, made longer', async () => {
  const once = await ask('POST', '/v1/silences', { owner: ana, topic: 'disk.**', for: '1h' });
  const twice = await ask('POST', '/v1/silences', { owner: ana, topic: 'disk.**', for: '3h' });
  expect(twice).toMatchObject({ status: 200, json: { created: 0, changed: 1 } });
  expect(twice.json.silences[0].id).toBe(once.json.silences[0].id);
});

it('of many with one fault none is taken, and each fault has its path and line', async () => {
  const file = [
    `{"owner":"${ana}","topic":"disk.**","for":"1h"}`,
    `{"topic":"a","owner":"telegram:5","for":"1h"}`,
    `{"owner":"${ana}","topics":"disk","for":"1h"}`,
    `{"topic":"a","owner":"${ana}","until":"tomorrow"}`,
    `{"topic":"a","owner":"${ana}"}`,
    `{"owner":"${ana}","for":"1h","match":["host ="]}`,
    `{"topic":"a","for":"1h"}`,
    `{"topic":"a","owner":"${ana}","weekly":"Blursday 2-4"}`,
    `{"topic":"a","owner":"${ana}","for":"1s"}`,
    `{"owner":"${ana}","topic":"a..b","for":"1h"}`,
    `{"owner":"${group}","rule":"${ruleId}","for":"1h"}`,
  ].join('\n');
  const { status, text } = await send('POST', '/v1/silences', file, 'application/x-ndjson');
  expect(status).toBe(422);
  const { errors } = JSON.parse(text) as { errors: { path: string; line: number; text: string }[] };
  expect(errors.map(({ line, path }) => `${line} ${path}`)).toEqual([
    '2 owner',
    '3 topics',
    '4 until',
    '5 until',
    '6 match[0]',
    '7 owner',
    '8 weekly',
    '9 until',
    '10 topic',
    '11 rule',
  ]);
  expect(errors[1]!.text).toContain('did you mean “topic”?');
  expect(errors[2]!.text).toBe('must be RFC 3339 text such as 2026-05-04T12:30:00Z');
  expect(await list()).toEqual([]);
});

it.each([
  ['json', 'application/json', (all: object[]) => JSON.stringify(all)],
  [
    'ndjson',
    'application/x-ndjson',
    (all: object[]) => `${all.map((one) => JSON.stringify(one)).join('\n')}\nnever read`,
  ],
])('too many or too much as %s is refused with what helps', async (form, type, file) => {
  const many = Array.from({ length: 2_001 }, () => ({ owner: ana, for: '1h' }));
  const answer = await send('POST', '/v1/silences', file(many), type);
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
    422,
    { errors: [{ text: `a file of ${form} holds at most 1,000 silences; send it in parts` }] },
  ]);
  const large = await send('POST', '/v1/silences', ' '.repeat(5 << 20), type);
  expect([large.status, JSON.parse(large.text)]).toMatchObject([
    413,
    { detail: `a file of ${form} has at most 4,096 KB; send it in parts` },
  ]);
});

it('wrong forms are refused by name', async () => {
  expect((await send('POST', '/v1/silences', 'mute it', 'text/plain')).status).toBe(415);
  expect((await send('POST', '/v1/silences', '{"for"')).status).toBe(422);
  expect(JSON.parse((await send('POST', '/v1/silences', '[]')).text)).toMatchObject({
    errors: [{ text: 'there is no silence in it' }],
  });
  expect((await ask('POST', '/v1/silences?owner=telegram:5', {})).json).toMatchObject({
    errors: [{ path: 'owner' }],
  });
  expect(
    (await ask('POST', '/v1/silences', { owner: ana, topic: 'a', until: '2199-01-01T00:00:00Z' })).json,
  ).toMatchObject({
    errors: [{ path: 'until', text: 'must lie between the years 2000 and 2100' }],
  });
  expect((await ask('GET', '/v1/silences?state=gone')).json).toMatchObject({ errors: [{ path: 'state' }] });
  expect((await ask('GET', '/v1/silences/z_none')).status).toBe(404);
  expect((await ask('PUT', '/v1/silences')).status).toBe(405);
});

it('what began earlier ends when it was to end, however often it is sent', async () => {
  const file = { owner: ana, topic: 'disk.**', from: '2026-05-04T11:30:00Z', for: '2h' };
  const until = '2026-05-04T13:30:00.000Z';
  expect(await ask('POST', '/v1/silences', file)).toMatchObject({ json: { silences: [{ until }] } });
  for (const minutes of [10, 20, 80])
    expect(await later(minutes, () => ask('POST', '/v1/silences', file))).toMatchObject({
      status: 200,
      json: { unchanged: 1, silences: [{ until }] },
    });
  expect(await later(600, () => ask('POST', '/v1/silences', file))).toMatchObject({
    status: 200,
    json: { created: 0, over: 1, silences: [] },
  });
});

it('what is over when a file comes back is counted, and the others are taken', async () => {
  const soon = ['12:20', '12:30', '14:00'].map((at, i) => ({
    owner: ana,
    topic: `disk.d${i}`,
    until: `2026-05-04T${at}:00Z`,
  }));
  await ask('POST', '/v1/silences', soon);
  const file = await list();
  for (const { id } of file) await ask('DELETE', `/v1/silences/${id}`);
  const back = await later(29.5, () => ask('POST', '/v1/silences', file));
  expect(back).toMatchObject({ status: 201, json: { created: 1, over: 2 } });
  expect(back.json.silences).toMatchObject([{ topic: 'disk.d2' }]);
});

it('the one that an id names gets the times that are sent, shorter ones too; without it only longer ones', async () => {
  const made = await ask('POST', '/v1/silences', { owner: ana, topic: 'disk.**', for: '3h' });
  const [{ id }] = made.json.silences;
  const until = '2026-05-04T13:00:00.000Z';
  const shorter = { owner: ana, topic: 'disk.**', until };
  expect((await ask('POST', '/v1/silences', shorter)).json).toMatchObject({
    unchanged: 1,
    silences: [{ id, until: '2026-05-04T15:00:00.000Z' }],
  });
  const named = { ...shorter, id };
  door.bells.length = 0;
  expect((await ask('POST', '/v1/silences', named)).json).toMatchObject({
    changed: 1,
    silences: [{ id, until, from: '2026-05-04T12:00:00.000Z' }],
  });
  // What it holds is judged again.
  expect(door.bells).toEqual([{ job: 'notify', id: expect.any(String) }]);
  expect((await ask('POST', '/v1/silences', named)).json).toMatchObject({ unchanged: 1 });
  expect((await auditTrail(door.database.db, { target: id })).map(({ verb }) => verb)).toHaveLength(2);
  expect(await ask('POST', '/v1/silences', { ...named, topic: 'cpu.**' })).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'id' }] },
  });
});

it('other words for the same times are kept, and who makes it is not said', async () => {
  const body = { owner: ana, topic: 'disk.**', until: '2026-05-04T14:00:00Z', comment: 'known' };
  await ask('POST', '/v1/silences', body);
  expect(
    (await ask('POST', '/v1/silences', { ...body, comment: 'the array is rebuilt' })).json,
  ).toMatchObject({
    changed: 1,
    silences: [{ comment: 'the array is rebuilt' }],
  });
  expect(await ask('POST', '/v1/silences', { ...body, by: ana })).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'by', text: 'a silence is made by the key that sends it; leave this out' }] },
  });
});

it('a weekly one without an end is written once, and renewed when a month of it is over', async () => {
  const body = { owner: ana, topic: 'builds.**', weekly: 'Sat 2-4' };
  const [{ id }] = (await ask('POST', '/v1/silences', body)).json.silences;
  const noted = async () => (await auditTrail(door.database.db, { target: id })).length;
  expect((await later(10, () => ask('POST', '/v1/silences', body))).json).toMatchObject({ unchanged: 1 });
  expect(await noted()).toBe(1);
  const day = 24 * 60;
  expect((await later(31 * day, () => ask('POST', '/v1/silences', body))).json).toMatchObject({ changed: 1 });
  expect(await noted()).toBe(2);
});

it('a rule is called by its name where its owner has no other of that name', async () => {
  const twin = async () => (await addRule(door.world, anaId, { name: 'Twin' })).id;
  const [one, other] = [await twin(), await twin()];
  await ask('POST', '/v1/silences', { owner: ana, rule: one, for: '1h' });
  expect(await list()).toMatchObject([{ rule: one }]);
  expect(await ask('POST', '/v1/silences', { owner: ana, rule: 'Twin', for: '1h' })).toMatchObject({
    status: 422,
    json: { errors: [{ path: 'rule', text: 'several rules are called that; say the id of one' }] },
  });
  await deleteRule(door.world, { is: 'operator', name: 'test' }, { ruleId: other }, door.clock.now);
  expect(await list()).toMatchObject([{ rule: 'Twin' }]);
  await deleteRule(door.world, { is: 'operator', name: 'test' }, { ruleId: one }, door.clock.now);
  expect(await ask('POST', '/v1/silences', await list())).toMatchObject({ status: 200, json: { over: 1 } });
});

it('five hundred of an owner are taken, and one too many refuses all of them', async () => {
  const bulk = (n: number) =>
    Array.from({ length: n }, (_, i) => ({ owner: ana, topic: `bulk.t${i}`, for: '1h' }));
  expect(await ask('POST', '/v1/silences', bulk(501))).toMatchObject({ status: 409 });
  expect(await list()).toEqual([]);
  expect((await ask('POST', '/v1/silences', bulk(500))).json).toMatchObject({ created: 500 });
  expect((await ask('POST', '/v1/silences', bulk(500))).json).toMatchObject({ unchanged: 500 });
});

it('says every fault of a silence at once, and what would mute everything', async () => {
  const paths = async (body: object) => {
    const { status, json } = await ask('POST', '/v1/silences', body);
    expect(status).toBe(422);
    return json.errors.map((one: { path: string }) => one.path).sort();
  };
  expect(await paths({})).toEqual(['owner', 'topic', 'until']);
  expect(await paths({ owner: 'telegram:5', for: '2h', match: ['a ~', 'b ~'] })).toEqual([
    'match[0]',
    'match[1]',
    'owner',
  ]);
  expect(await paths({ owner: 'telegram:5', topic: 'a', for: 300 })).toEqual(['for', 'owner']);
  expect(await paths({ owner: ana, for: '2h' })).toEqual(['topic']);
  expect(await paths({ owner: ana, for: '2h', match: [] })).toEqual(['topic']);
  const all = await ask('POST', '/v1/silences', { owner: ana, topic: '**', for: '2h' });
  expect(all.status).toBe(201);
  await ask('DELETE', `/v1/silences/${all.json.silences[0].id}`);
});
