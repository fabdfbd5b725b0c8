// Alertmanager's webhook: its alerts as events, and its habit of saying everything again.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertmanager } from '#ingest/formats/alertmanager.ts';
import { type Door, openDoor } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const alert = (more: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'Disk Full.fast', instance: 'cad1:9100', severity: 'page', mountpoint: '/sarc/cad' },
  annotations: { summary: 'Full', description: 'Disk at 93.5', value: '93.5' },
  startsAt: '2026-05-04T12:30:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus-a:9090/graph',
  fingerprint: 'c16e40b5d8ed1e17',
  ...more,
});
const group = (alerts: unknown[], more: object = {}) => ({
  version: '4',
  groupKey: '{}',
  status: 'firing',
  receiver: 'tocsin',
  alerts,
  ...more,
});
const post = (body: object) => door.post(body, { path: '/v1/in/alertmanager' });

it('turns an alert into an event with its labels, life and facts', async () => {
  const { status, json } = await post(group([alert()]));
  expect(status).toBe(202);
  const { json: event } = await door.get(`/v1/events/${json.events[0].seq}`);
  expect(event).toMatchObject({
    id: expect.stringMatching(/^e_/),
    source: 'bootstrap',
    type: 'alertmanager.Disk_Full_fast',
    subject: 'cad1:9100',
    severity: 'critical',
    status: 'firing',
    fingerprint: 'c16e40b5d8ed1e17',
    time: null,
    labels: { alertname: 'Disk Full.fast', instance: 'cad1:9100', severity: 'page', mountpoint: '/sarc/cad' },
    data: {
      summary: 'Full',
      description: 'Disk at 93.5',
      value: 93.5,
      generatorURL: 'http://prometheus-a:9090/graph',
    },
    processed: false,
    transitions: [],
    notifications: [],
  });
  expect(event.data).not.toHaveProperty('endsAt');
  expect(JSON.parse(event.raw)).toEqual(group([alert()]));
});

it('takes whatever it says again: only the rules know whether that is news', async () => {
  const over = alert({ fingerprint: 'life', status: 'resolved', endsAt: '2026-05-04T13:00:00Z' });
  const bodies = [alert({ fingerprint: 'life' }), over, over, alert({ fingerprint: 'life' })];
  for (const one of bodies)
    expect(await post(group([one]))).toMatchObject({ status: 202, json: { accepted: 1, duplicates: 0 } });
  const rows = await door.database
    .sql`select status, lane, time from events where fingerprint = 'life' order by seq`;
  expect(rows.map(({ status }) => status)).toEqual(['firing', 'resolved', 'resolved', 'firing']);
  expect(new Set(rows.map(({ lane }) => lane)).size).toBe(1);
  // Its clock is the one of the alert, not of what it says now: it would make the news look late.
  expect(rows.map(({ time }) => time)).toEqual([null, null, null, null]);
});

it('copes with bare and with oversized alerts', () => {
  const read = alertmanager.parse(
    group([
      { status: 'firing', labels: {} },
      {
        status: 'firing',
        labels: Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`l${i}`, 'x'.repeat(5_000)])),
        fingerprint: 'f'.repeat(900),
      },
    ]) as never,
    { headers: {}, query: {}, source: { name: 'am' } },
    0,
  );
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  const [bare, large] = read.events;
  expect(bare).toMatchObject({ type: 'alertmanager.unnamed', source: 'am', labels: {} });
  expect(bare!.subject).toBe(bare!.fingerprint);
  expect(Object.keys(large!.labels)).toHaveLength(64);
  expect(large!.labels.l0).toHaveLength(1_000);
  expect(large!.fingerprint!.length).toBeLessThanOrEqual(200);
});

it('names what is wrong, and takes nothing', async () => {
  const { status, json } = await post(
    group([alert({ fingerprint: 'good' }), { ...alert(), status: 'open', labels: [] }, 7]),
  );
  expect(status).toBe(422);
  expect(json.errors.map(({ path }: { path: string }) => path)).toEqual([
    'alerts[1].status',
    'alerts[1].labels',
    'alerts[2]',
  ]);
  expect(await door.database.sql`select 1 from events where fingerprint = 'good'`).toHaveLength(0);
  for (const body of [
    { version: '3', alerts: [alert()] },
    { alerts: [alert()] },
    group([]),
    { version: '4' },
    [],
  ])
    expect((await post(body)).status).toBe(422);
});
