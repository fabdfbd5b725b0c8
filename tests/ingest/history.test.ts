// Looking back over HTTP: events, alerts and who did what, page by page and as one export, and to whom each is shown.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '#operations/create-key.ts';
import { setZone } from '#operations/set-zone.ts';
import { savePerson } from '#store/people.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

const operator = { is: 'operator' as const, name: 'operator' };
let door: Door;
let narrow: string;
beforeAll(async () => {
  door = await openDoor();
  const { world, clock } = door;
  const made = await createKey(
    world,
    operator,
    { source: 'disks', scopes: ['read'], topics: ['disk.**'] },
    clock.now,
  );
  if (!made.ok) throw new Error(made.text);
  narrow = made.key;
  for (let n = 1; n <= 25; n++) {
    clock.now += 60_000;
    const type = n % 5 === 0 ? 'money.lost' : 'disk.usage';
    await door.post({ id: `e${n}`, type, subject: `/disk${n % 3}`, source: `host${n % 2}`, data: { n } });
  }
  const rest = { quiet: null, createdAt: 1, leftAt: null, username: null, zone: 'UTC', morning: 540 };
  await savePerson(world.database.db, { id: 'p_1', telegramId: 7001, name: 'Ana', role: 'member', ...rest });
  const ana = { is: 'person' as const, personId: 'p_1', name: 'Ana', role: 'member' as const };
  for (const zone of ['Asia/Tokyo', 'Europe/Berlin', 'UTC']) {
    clock.now += 60_000;
    await setZone(world, ana, { ownerId: 'p_1', zone }, clock.now);
  }
});
afterAll(() => door.close());

const numbers = (json: { events: { data: { n: number } }[] }) => json.events.map(({ data }) => data.n);
const export_ = async (path: string, key = bootstrap) => {
  const answer = await door.app.request(path, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  return {
    type: answer.headers.get('content-type'),
    rows: text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  };
};

describe('events', () => {
  it('newest first, page by page, each once', async () => {
    const seen: number[] = [];
    let cursor = '';
    for (;;) {
      const { json } = await door.get(`/v1/events?limit=7${cursor}`);
      seen.push(...numbers(json));
      if (json.next === null) break;
      cursor = `&cursor=${json.next}`;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => 25 - i));
    const { json } = await door.get('/v1/events?limit=1');
    expect(json.events[0]).toMatchObject({
      id: 'e25',
      type: 'money.lost',
      subject: '/disk1',
      source: 'host1',
      receivedAt: '2026-05-04T12:25:00.000Z',
      processedAt: null,
    });
    expect(JSON.stringify(json)).not.toMatch(/sourceId|bodyHash|trace/);
  });

  it.each([
    ['topic=money.*', [25, 20, 15, 10, 5]],
    ['topic=disk.usage&subject=/disk0&source=host0', [24, 18, 12, 6]],
    ['since=2026-05-04T12:03:00Z&until=2026-05-04T12:05:00Z', [4, 3]],
    ['topic=nothing.**', []],
    ['state=processed', []],
    ['state=waiting&limit=2', [25, 24]],
  ])('?%s', async (query, expected) => {
    expect(numbers((await door.get(`/v1/events?${query}`)).json)).toEqual(expected);
  });

  it('a key sees its topics only, in the export, too', async () => {
    const { json } = await door.get('/v1/events?limit=1000', narrow);
    expect(json.events).toHaveLength(20);
    const { rows, type } = await export_('/v1/events?format=ndjson', narrow);
    expect([rows.length, type]).toEqual([20, 'application/x-ndjson']);
    expect(new Set(rows.map((row) => row.type))).toEqual(new Set(['disk.usage']));
    expect((await export_('/v1/events?topic=money.**&format=ndjson', narrow)).rows).toEqual([]);
  });

  it('an export is whole, however long', async () => {
    await door.database
      .sql`insert into events (source_id, event_id, body_hash, lane, fingerprint, source, type, subject, body, received_at)
      select 's', 'many' || i, '', 0, 'f', 'x', 'many.rows', '', '{"data":{},"labels":{}}', now() from generate_series(1, 2500) i`;
    const { rows } = await export_('/v1/events?topic=many.rows&format=ndjson');
    expect((await export_('/v1/events?topic=many.rows&format=ndjson&limit=2')).rows).toEqual(
      rows.slice(0, 2),
    );
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2500);
    await door.database.sql`delete from events where type = 'many.rows'`;
  });

  it('says that it lasts until an instant, or that somebody has taken it over', async () => {
    const sent = [
      { id: 'n1', type: 'own.life', status: 'acknowledged', endsAt: '2026-05-04T14:00:00Z' },
      { id: 'n2', type: 'own.life', status: 'burning' },
    ];
    expect((await door.post(sent[1])).json.errors[0]).toMatchObject({ path: 'status' });
    const { json } = await door.post(sent[0]);
    const cloud = {
      specversion: '1.0',
      id: 'c1',
      source: '/x',
      type: 'own.life',
      status: 'acknowledged',
      endsat: '2026-05-04T15:00:00Z',
    };
    const taken = await door.post(cloud, { headers: { 'content-type': 'application/cloudevents+json' } });
    for (const [seq, endsAt] of [
      [json.events[0].seq, '2026-05-04T14:00:00.000Z'],
      [taken.json.events[0].seq, '2026-05-04T15:00:00.000Z'],
    ])
      expect((await door.get(`/v1/events/${seq}`)).json).toMatchObject({
        status: 'acknowledged',
        endsAt,
        labels: {},
      });
  });
});

describe('who did what', () => {
  it('by person, verb and target, newest first, with the name', async () => {
    const { json } = await door.get('/v1/audit?actor=telegram:7001');
    expect(json.audit).toMatchObject([
      { actor: 'person:p_1', name: 'Ana', verb: 'set-zone', target: 'p_1', at: '2026-05-04T12:28:00.000Z' },
      { verb: 'set-zone' },
      { verb: 'set-zone' },
    ]);
    expect((await door.get('/v1/audit?actor=operator&verb=set-zone')).json.audit).toEqual([]);
    expect((await door.get('/v1/audit?alert=a_none')).json).toEqual({ audit: [], next: null });
    const first = (await door.get('/v1/audit?target=p_1&limit=2')).json;
    const rest = (await door.get(`/v1/audit?target=p_1&limit=2&cursor=${first.next}`)).json;
    expect([first.audit.length, rest.audit.length, rest.next]).toEqual([2, 1, null]);
    const { rows } = await export_('/v1/audit?format=ndjson&actor=person:p_1');
    expect(rows.map(({ id }) => id)).toEqual(json.audit.map(({ id }: { id: number }) => id));
  });

  it('only for whoever manages', async () => {
    expect((await door.get('/v1/audit', narrow)).status).toBe(403);
    expect((await door.get('/v1/audit', '')).status).toBe(401);
  });
});

describe('alerts', () => {
  beforeAll(async () => {
    await door.database
      .sql`insert into alerts (id, rule_id, owner_id, key, labels, topic, subject, title, fields, status,
        severity, reading, since, count, rev)
      select 'a_' || i, 'r_' || i % 2, 'p_1', i::text, '{}', case when i % 2 = 0 then 'disk.usage' else 'net.loss' end, '/s' || i % 3, 't', '{}', 'resolved',
        'info', '{}', '2026-05-04T10:00:00Z'::timestamptz + (i / 2) * interval '1 minute', 1, 1 from generate_series(1, 12) i`;
  });

  it('by topic, subject, rule, owner and time, page by page', async () => {
    const ids = async (query: string) =>
      (await door.get(`/v1/alerts?${query}`)).json.alerts.map(({ id }: { id: string }) => id);
    expect(await ids('topic=net.*&limit=3')).toEqual(['a_11', 'a_9', 'a_7']);
    expect(await ids('rule=r_0&subject=/s0')).toEqual(['a_12', 'a_6']);
    expect(await ids('owner=telegram:7001&limit=1')).toEqual(['a_12']);
    expect(await ids('severity=critical')).toEqual([]);
    expect(await ids('since=2026-05-04T10:05:00Z')).toEqual(['a_12', 'a_10', 'a_11']);
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { json } = await door.get(`/v1/alerts?limit=5${cursor}`);
      seen.push(...json.alerts.map(({ id }: { id: string }) => id));
      if (json.next === null) break;
      cursor = `&cursor=${json.next}`;
    }
    expect(new Set(seen).size).toBe(12);
    expect(seen).toHaveLength(12);
  });
});

it.each([
  ['/v1/events?limit=0', 'limit'],
  ['/v1/events?topic=..', 'topic'],
  ['/v1/events?since=yesterday', 'since'],
  ['/v1/events?cursor=x', 'cursor'],
  ['/v1/events?state=lost', 'state'],
  ['/v1/events?format=xml', 'format'],
  ['/v1/alerts?severity=bad', 'severity'],
  ['/v1/alerts?cursor=5', 'cursor'],
  ['/v1/audit?actor=me', 'actor'],
  ['/v1/audit?actor=telegram:1', 'actor'],
  ['/v1/audit?owner=telegram:7001', 'owner'],
  ['/v1/alerts?owner=telegram:1', 'owner'],
  ['/v1/alerts?actor=telegram:7001', 'actor'],
])('%s is a 400 that names the word', async (path, word) => {
  const { status, json } = await door.get(path);
  expect([status, json.errors[0].path]).toEqual([400, word]);
});
