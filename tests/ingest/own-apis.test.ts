// Alertmanager's and PagerDuty's own APIs: their words, their keys, their answers.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Actor } from '#core/actor.ts';
import { createKey } from '#operations/create-key.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

const operator: Actor = { is: 'operator', name: 'the operator' };
let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const at = (seconds: number) => new Date(door.clock.now + seconds * 1_000).toISOString();
const rows = (fingerprint: string) =>
  door.database.sql<
    Record<string, unknown>[]
  >`select * from events where fingerprint = ${fingerprint} order by seq`;
const newest = async () => (await door.database.sql`select * from events order by seq desc limit 1`)[0]!;

describe('POST /api/v2/alerts', () => {
  const alert = (more: object = {}) => ({
    labels: { alertname: 'DiskNearlyFull', instance: 'cad1:9100', severity: 'warning', empty: '' },
    annotations: { summary: 'Nearly full', description: '93.5 % used' },
    startsAt: at(-60),
    endsAt: at(240),
    generatorURL: 'http://prometheus:9090/graph',
    ...more,
  });
  const post = (body: unknown, headers?: Record<string, string>) =>
    door.post(body, { path: '/api/v2/alerts', ...(headers ? { key: '', headers } : {}) });

  it('takes a firing alert until its end, with its beginning told', async () => {
    const { status, json } = await post([alert()]);
    expect([status, json]).toEqual([200, undefined]);
    const row = await newest();
    expect(row).toMatchObject({
      type: 'alertmanager.DiskNearlyFull',
      subject: 'cad1:9100',
      severity: 'warning',
      status: 'firing',
      time: null,
    });
    expect(new Date(row.ends_at as string).toISOString()).toBe(at(240));
    expect(JSON.parse(row.body as string)).toEqual({
      data: {
        summary: 'Nearly full',
        description: '93.5 % used',
        since: at(-60),
        generatorURL: 'http://prometheus:9090/graph',
      },
      labels: { alertname: 'DiskNearlyFull', instance: 'cad1:9100', severity: 'warning' },
    });
  });

  it('knows an alert by its labels alone, whoever sends it and whatever has no value', async () => {
    await post([alert()]);
    const first = await newest();
    await post([
      alert({
        labels: { severity: 'warning', instance: 'cad1:9100', alertname: 'DiskNearlyFull' },
        generatorURL: 'http://another-prometheus:9090/graph',
      }),
    ]);
    expect((await newest()).fingerprint).toBe(first.fingerprint);
    await post([alert({ labels: { alertname: 'DiskNearlyFull', instance: 'cad2:9100' } })]);
    expect((await newest()).fingerprint).not.toBe(first.fingerprint);
  });

  it('is over when its end has passed, and burns five minutes when no end is said', async () => {
    await post([alert({ endsAt: at(-1) })]);
    expect(await newest()).toMatchObject({ status: 'resolved', ends_at: null });
    for (const endsAt of [undefined, null, '0001-01-01T00:00:00Z']) {
      await post([alert({ endsAt })]);
      const row = await newest();
      expect(row.status).toBe('firing');
      expect(new Date(row.ends_at as string).toISOString()).toBe(at(300));
    }
  });

  it('names what is wrong as Alertmanager does, in one text, and takes nothing', async () => {
    const before = (await newest()).seq;
    const { status, json } = await post([
      alert(),
      alert({ labels: {} }),
      alert({ labels: { a: '' } }),
      alert({ startsAt: 'yesterday' }),
      alert({ startsAt: at(10), endsAt: at(5) }),
      7,
    ]);
    expect(status).toBe(400);
    for (const place of ['[1].labels', '[2].labels', '[3].startsAt', '[4].endsAt', '[5]'])
      expect(json).toContain(place);
    for (const body of ['{', '{}', '[]', '"x"', '7', 'null']) {
      const answer = await door.post(body, { path: '/api/v2/alerts' });
      expect([answer.status, typeof answer.json]).toEqual([400, 'string']);
    }
    expect((await newest()).seq).toBe(before);
  });

  it('takes the key as bearer, as the password or the name of basic auth, and in the address', async () => {
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    for (const headers of [basic(`prometheus:${bootstrap}`), basic(`${bootstrap}:`), basic(bootstrap)])
      expect((await post([alert()], headers)).status).toBe(200);
    const inAddress = await door.post([alert()], { path: `/api/v2/alerts?key=${bootstrap}`, key: '' });
    expect(inAddress.status).toBe(200);
    for (const headers of [basic('prometheus:wrong-but-long-enough'), basic(''), basic(':'), {}])
      expect((await post([alert()], headers)).status).toBe(401);
  });

  it('says its status to whoever has a key', async () => {
    expect((await door.get('/api/v2/status', '')).status).toBe(401);
    expect((await door.get('/api/v2/status')).json).toMatchObject({
      cluster: { status: 'disabled' },
      versionInfo: { version: 'tocsin' },
    });
    expect((await door.get('/api/v2/alerts')).status).toBe(405);
    expect((await door.get('/api/v2/nothing')).status).toBe(404);
  });
});

describe('POST /v2/enqueue', () => {
  const event = (more: object = {}) => ({
    routing_key: bootstrap,
    event_action: 'trigger',
    dedup_key: 'disk/cad1',
    payload: { summary: 'Disk full', source: 'cad1', severity: 'error', component: 'disk' },
    ...more,
  });
  const post = (body: unknown) => door.post(body, { path: '/v2/enqueue', key: '' });

  it('triggers, acknowledges and resolves by the dedup key', async () => {
    const answer = await post(event());
    expect([answer.status, answer.json]).toEqual([
      202,
      { status: 'success', message: 'Event processed', dedup_key: 'disk/cad1' },
    ]);
    for (const event_action of ['acknowledge', 'resolve'])
      expect((await post(event({ event_action, payload: undefined }))).status).toBe(202);
    const told = await rows('disk/cad1');
    expect(told.map(({ status }) => status)).toEqual(['firing', 'acknowledged', 'resolved']);
    expect(new Set(told.map(({ type, lane }) => `${type} ${lane}`)).size).toBe(1);
    expect(told[0]).toMatchObject({ type: 'pagerduty.bootstrap', subject: 'cad1', severity: 'critical' });
  });

  it('does not mind what the body calls itself, as curl sends it', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain;charset=UTF-8']) {
      const body = JSON.stringify(event({ dedup_key: type }));
      const headers = { 'content-type': type };
      expect((await door.post(body, { path: '/v2/enqueue', key: '', headers })).status).toBe(202);
    }
  });

  it('of a body without a known key nothing is parsed, whatever it holds, and nothing is said about it', async () => {
    const parse = vi.spyOn(JSON, 'parse');
    const parsed = () => parse.mock.calls.some(([text]) => text.length > 1_000);
    const many = `[${'[],'.repeat(300_000)}[]]`;
    for (const body of [
      `{"routing_key":"unknown-but-long-enough","a":${many}}`,
      `{"a":{"routing_key":"${bootstrap}"},"b":${many}}`,
      `{"a":${many}, oh`,
      `${'['.repeat(500_000)}`,
    ]) {
      const headers = { 'content-type': 'application/json' };
      const answer = await door.post(body, { path: '/v2/enqueue', key: '', headers });
      expect([answer.status, answer.json.errors]).toEqual([400, ['routing_key is no valid key']]);
    }
    expect(parsed()).toBe(false);
    parse.mockRestore();
    // Wherever it stands, however it is written, and after others of its name.
    for (const body of [
      JSON.stringify({
        ...event(),
        routing_key: undefined,
        z: { routing_key: 'x' },
        routing_key_: 1,
      }).replace(/}$/, ` , "routing_key" : ${JSON.stringify(bootstrap).replace('t', '\\u0074')} }`),
      JSON.stringify(event()).replace('{', '{"routing_key":"other",'),
    ])
      expect((await post(body)).status).toBe(202);
  });

  it('names a situation that has no key, the same for the same words', async () => {
    const first = await post(event({ dedup_key: undefined }));
    const again = await post(event({ dedup_key: '' }));
    const other = await post(
      event({ dedup_key: undefined, payload: { summary: 'x', source: 'cad1', severity: 'info' } }),
    );
    expect(first.json.dedup_key).toMatch(/^[\w-]{22}$/);
    expect(again.json.dedup_key).toBe(first.json.dedup_key);
    expect(other.json.dedup_key).not.toBe(first.json.dedup_key);
    // And by that name it can be ended.
    await post({ routing_key: bootstrap, event_action: 'resolve', dedup_key: first.json.dedup_key });
    expect((await rows(first.json.dedup_key)).map(({ status }) => status)).toEqual([
      'firing',
      'firing',
      'resolved',
    ]);
  });

  it('says what is wrong in their shape', async () => {
    const faults = async (body: unknown) => {
      const { status, json } = await post(body);
      expect([status, json.status, typeof json.message]).toEqual([400, 'invalid event', 'string']);
      return json.errors as string[];
    };
    expect(await faults(event({ routing_key: 'unknown-but-long-enough' }))).toEqual([
      'routing_key is no valid key',
    ]);
    expect(await faults(event({ routing_key: undefined }))).toEqual(['routing_key is no valid key']);
    expect(await faults(event({ event_action: 'open', payload: { severity: 'bad' } }))).toEqual([
      expect.stringContaining('event_action must be'),
      expect.stringContaining('payload.summary'),
      expect.stringContaining('payload.source'),
      expect.stringContaining('payload.severity'),
    ]);
    expect(await faults(event({ payload: undefined }))).toEqual([expect.stringContaining('payload')]);
    expect(await faults({ routing_key: bootstrap, event_action: 'resolve' })).toEqual([
      expect.stringContaining('dedup_key is needed'),
    ]);
    for (const body of ['{', '[]', '[1]', '"x"', '7', 'null', '']) await faults(body);
  });

  it('takes only topics that are the key’s', async () => {
    const made = await createKey(
      door.world,
      operator,
      { source: 'narrow', topics: ['disk.**'] },
      door.clock.now,
    );
    if (!made.ok) throw new Error(made.text);
    const { status, json } = await post(event({ routing_key: made.key }));
    expect([status, json.errors]).toEqual([403, ['type this key may not push to pagerduty.narrow']]);
  });
});
