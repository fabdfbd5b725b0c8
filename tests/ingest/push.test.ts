// Pushing events: what is answered, what is in the ledger, and that nothing is half taken.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Door, openDoor } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const disk = (more: object = {}) => ({
  type: 'disk.usage',
  subject: '/sarc/cad',
  data: { usage: 93.5 },
  ...more,
});
const rows = () => door.database.sql<Record<string, unknown>[]>`select * from events order by seq`;
const count = async () => (await rows()).length;

describe('one event', () => {
  it('is in the ledger when the answer comes, and its lane is rung', async () => {
    const { status, json } = await door.post(
      disk({ id: 'one', labels: { host: 'cad1', disks: 3, ssd: true } }),
    );
    expect(status).toBe(202);
    expect(json).toEqual({
      accepted: 1,
      duplicates: 0,
      events: [{ id: 'one', seq: expect.any(Number), duplicate: false }],
    });
    const [row] = await door.database.sql`select * from events where seq = ${json.events[0].seq}`;
    expect(row).toMatchObject({
      event_id: 'one',
      source: 'bootstrap',
      type: 'disk.usage',
      subject: '/sarc/cad',
      raw: null,
      processed_at: null,
    });
    expect(JSON.parse(row!.body)).toEqual({
      data: { usage: 93.5 },
      labels: { host: 'cad1', disks: '3', ssd: 'true' },
    });
    expect(new Date(row!.received_at).getTime()).toBe(door.clock.now);
    expect(door.bells).toContainEqual({ job: 'evaluate', id: String(row!.lane) });
  });

  it('sent again is a duplicate with its number; key order and a new attempt make no difference', async () => {
    const first = await door.post(
      '{"id":"two","type":"a.b","data":{"x":1,"y":[2]},"labels":{"p":"1","q":"2"}}',
    );
    const before = await count();
    const again = await door.post(
      '{"labels":{"q":"2","p":"1"},"type":"a.b","data":{"y":[2],"x":1.0},"id":"two"}',
    );
    expect(again.json).toEqual({
      accepted: 0,
      duplicates: 1,
      events: [{ id: 'two', seq: first.json.events[0].seq, duplicate: true }],
    });
    expect(await count()).toBe(before);
  });

  it('with a known id and other content is refused by name', async () => {
    await door.post(disk({ id: 'three' }));
    const { status, json, headers } = await door.post(disk({ id: 'three', data: { usage: 12 } }));
    expect(status).toBe(409);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(json).toMatchObject({
      type: 'urn:tocsin:problem:event_id_reused',
      status: 409,
      errors: [{ path: 'id' }],
    });
  });

  it('may share its id with an event of another source', async () => {
    const first = await door.post(disk({ id: 'same', source: 'web-1' }));
    const second = await door.post(disk({ id: 'same', source: 'web-2', data: {} }));
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.json.events[0].seq).not.toBe(second.json.events[0].seq);
  });

  it('without an id is new each time', async () => {
    const [first, second] = [await door.post(disk()), await door.post(disk())];
    expect(first.json.events[0].id).not.toBe(second.json.events[0].id);
    expect([first, second].map(({ json }) => json.accepted)).toEqual([1, 1]);
  });

  it('keeps the same lane for one fingerprint, whatever else it says', async () => {
    await door.post([
      disk({ id: 'f1', fingerprint: 'situation', subject: 'a' }),
      disk({ id: 'f2', fingerprint: 'situation', subject: 'b' }),
    ]);
    await door.post([
      disk({ id: 'f3', subject: 'c' }),
      disk({ id: 'f4', subject: 'c', time: '2026-05-04T12:00:00Z' }),
    ]);
    const lanes = await door.database
      .sql`select event_id, lane, fingerprint from events where event_id in ('f1','f2','f3','f4') order by event_id`;
    expect(lanes[0]!.lane).toBe(lanes[1]!.lane);
    expect(lanes[2]!.fingerprint).toBe(lanes[3]!.fingerprint);
  });
});

describe('a list of events', () => {
  it('is answered in its order, with duplicates inside it', async () => {
    const { json } = await door.post([disk({ id: 'l1' }), disk({ id: 'l2' }), disk({ id: 'l1' })]);
    expect(json).toMatchObject({ accepted: 2, duplicates: 1 });
    expect(
      json.events.map(({ id, duplicate }: { id: string; duplicate: boolean }) => [id, duplicate]),
    ).toEqual([
      ['l1', false],
      ['l2', false],
      ['l1', true],
    ]);
    expect(json.events[2].seq).toBe(json.events[0].seq);
    expect(json.events[1].seq).toBeGreaterThan(json.events[0].seq);
  });

  it.each([
    ['a reused id', [disk({ id: 'n1' }), disk({ id: 'three', data: { other: 1 } })], 409, '[1].id'],
    ['one id for two events', [disk({ id: 'n2' }), disk({ id: 'n2', data: {} })], 409, '[1].id'],
    ['a fault', [disk({ id: 'n3' }), disk({ id: 'n4', labels: { host: ['a'] } })], 422, '[1].labels.host'],
  ])('takes nothing when it holds %s', async (_what, body, status, path) => {
    const before = await count();
    const answer = await door.post(body);
    expect(answer.status).toBe(status);
    expect(answer.json.errors.map((fault: { path: string }) => fault.path)).toEqual([path]);
    expect(await count()).toBe(before);
  });

  it('may have 500 events and no more', async () => {
    expect(
      (await door.post(Array.from({ length: 500 }, (_, i) => disk({ id: `m${i}` })))).json.accepted,
    ).toBe(500);
    expect((await door.post(Array.from({ length: 501 }, () => disk()))).status).toBe(413);
    expect((await door.post([])).status).toBe(422);
  });
});

it('names every fault with its path and the nearest field', async () => {
  const { status, json } = await door.post([
    { type: 'a', lables: {} },
    {
      type: 'not a topic',
      time: 1714825800,
      severity: 'purple',
      status: 'open',
      id: 7,
      source: '',
      fingerprint: 'x'.repeat(201),
    },
    {
      subject: 5,
      data: [],
      labels: { '': 'x', ok: null, long: 'x'.repeat(1001) },
      time: '2026-02-30T10:00:00Z',
    },
    'text',
    { type: 'a', labels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, 'x'])) },
    { type: 'a', time: '1999-12-31T23:59:59Z', labels: { ['n'.repeat(101)]: 'x' } },
  ]);
  expect(status).toBe(422);
  const faults = Object.fromEntries(
    json.errors.map(({ path, text }: { path: string; text: string }) => [path, text]),
  );
  expect(faults['[0].lables']).toContain('“labels”');
  expect(Object.keys(faults)).toEqual(
    expect.arrayContaining([
      '[1].type',
      '[1].time',
      '[1].severity',
      '[1].status',
      '[1].id',
      '[1].source',
      '[1].fingerprint',
      '[2].type',
      '[2].subject',
      '[2].data',
      '[2].labels[""]',
      '[2].labels.ok',
      '[2].labels.long',
      '[2].time',
      '[3]',
      '[4].labels',
      '[5].time',
    ]),
  );
  expect(faults['[1].time']).toContain('RFC 3339');
  expect(faults['[5].time']).toContain('2000');
});

describe('CloudEvents', () => {
  const event = {
    specversion: '1.0',
    id: 'c1',
    source: '/builds',
    type: 'builds.vr0/place',
    subject: 's',
    time: '2026-05-04T11:00:00+02:00',
    severity: 'error',
    status: 'firing',
    fingerprint: 'fp',
    runtag: 'r7',
    tries: 3,
    data: { state: 'failed' },
  };

  it('come structured, batched and binary, and are the same event', async () => {
    const structured = await door.post(event, {
      headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
    });
    expect(structured.json).toMatchObject({ accepted: 1 });
    const batched = await door.post([event], {
      headers: { 'content-type': 'application/cloudevents-batch+json' },
    });
    expect(batched.json).toMatchObject({ accepted: 0, duplicates: 1 });
    const { data, ...attributes } = event;
    const ce = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)]),
    );
    const binary = await door.post(data, { headers: ce });
    expect(binary.json).toEqual(batched.json);
    const [row] = await door.database.sql`select * from events where event_id = 'c1'`;
    expect(row).toMatchObject({
      source: '/builds',
      type: 'builds.vr0_place',
      severity: 'critical',
      status: 'firing',
      fingerprint: 'fp',
    });
    expect(JSON.parse(row!.body)).toEqual({
      data: { state: 'failed' },
      labels: { runtag: 'r7', tries: '3' },
    });
    expect(new Date(row!.time).toISOString()).toBe('2026-05-04T09:00:00.000Z');
  });

  it('may have no data, any JSON data, and percent-encoded headers', async () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'c2',
      'ce-source': '/a',
      'ce-type': 'a.b',
      'ce-note': 'caf%C3%A9',
    };
    expect((await door.post('', { headers })).status).toBe(202);
    expect((await door.post('[1,{"a":"\\u0000"}]', { headers: { ...headers, 'ce-id': 'c3' } })).status).toBe(
      202,
    );
    const found = await door.database
      .sql`select body, raw from events where event_id in ('c2', 'c3') order by event_id`;
    expect(JSON.parse(found[0]!.body)).toEqual({ data: {}, labels: { note: 'café' } });
    expect(JSON.parse(found[1]!.body).data).toEqual({ value: [1, { a: '' }] });
    expect(found[1]!.raw).toBe('[1,{"a":"\\u0000"}]');
  });

  it('may carry any value as binary data, also one that is no object', async () => {
    const headers = { 'ce-specversion': '1.0', 'ce-source': '/a', 'ce-type': 'a.b' };
    const bodies = ['5', '"text"', 'null', 'true', JSON.stringify(Array(600).fill(1))];
    for (const [i, body] of bodies.entries())
      expect((await door.post(body, { headers: { ...headers, 'ce-id': `value-${i}` } })).status).toBe(202);
    expect((await door.post('{', { headers: { ...headers, 'ce-id': 'broken' } })).status).toBe(400);
    const [row] = await door.database.sql`select body from events where event_id = 'value-1'`;
    expect(JSON.parse(row!.body).data).toEqual({ value: 'text' });
  });

  it('names what is missing', async () => {
    const { status, json } = await door.post(
      [{ specversion: '0.3', id: '', type: 'a', Bad: 1, nested: {} }],
      { path: '/v1/in/cloudevents' },
    );
    expect(status).toBe(422);
    expect(json.errors.map((fault: { path: string }) => fault.path).sort()).toEqual([
      '[0].Bad',
      '[0].id',
      '[0].nested',
      '[0].source',
      '[0].specversion',
    ]);
  });
});

it('answers every other method and address under /v1 with a problem document', async () => {
  for (const [method, path, status] of [
    ['PUT', '/v1/events', 405],
    ['DELETE', '/v1/alerts', 405],
    ['GET', '/v1/nowhere', 404],
    ['POST', '/v1/in/nothing', 404],
  ] as const) {
    const response = await door.app.request(path, { method });
    expect([path, response.status, response.headers.get('content-type')]).toEqual([
      path,
      status,
      'application/problem+json',
    ]);
  }
});

it('describes itself with the schema that checks events', async () => {
  const { json } = await door.get('/v1/openapi.json', '');
  expect(Object.keys(json.components.schemas.Event.properties)).toEqual([
    'id',
    'source',
    'type',
    'subject',
    'time',
    'data',
    'labels',
    'severity',
    'status',
    'endsAt',
    'fingerprint',
  ]);
  expect(json.paths['/v1/in/{format}'].post.parameters[0].schema.enum).toContain('alertmanager');
});
