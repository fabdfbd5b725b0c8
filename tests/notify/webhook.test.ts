// The webhook channel: signed, in order, patient, and given up with a word to its owner.
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from '../../src/core/actor.ts';
import { addReceiver } from '../../src/operations/add-receiver.ts';
import { enableReceiver } from '../../src/operations/enable-receiver.ts';
import { redeliver } from '../../src/operations/redeliver.ts';
import { renewSecret } from '../../src/operations/renew-secret.ts';
import { deliveryLog, findDelivery } from '../../src/store/delivery-log.ts';
import { examine } from '../../src/store/doctor.ts';
import { findReceiver } from '../../src/store/receivers.ts';
import { openStage, type Stage, seen, unmet } from './stage.ts';
import { openSink, type Received, type Sink } from './stand-ins/sink.ts';

const hour = 3_600_000;
const day = 24 * hour;
let stage: Stage;
let sink: Sink;
let actor: Actor;

beforeEach(async () => {
  stage = await openStage({ limits: 'off' });
  sink = await openSink();
  await stage.person(1);
  actor = { is: 'person', personId: 'p_1', name: 'P1', role: 'member' };
});
afterEach(async () => {
  await sink.close();
  await stage.close();
});

async function add(url = `${sink.url}/hook?token=letmein`) {
  const input = { ownerId: 'p_1', channel: 'webhook', contact: { url }, label: 'ci' };
  const added = await addReceiver(stage.world, stage.book, actor, input, stage.clock.now);
  if (!added.ok) throw new Error(added.text);
  await stage.settle();
  return { id: added.id, secret: added.shown.secret! };
}

/** The library that receivers use, at the instant at which it arrived. */
function verified({ headers, body }: Received, secret: string): Record<string, never> & { type: string } {
  vi.useFakeTimers({ toFake: ['Date'], now: Number(headers['webhook-timestamp']) * 1000 });
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>) as never;
  } finally {
    vi.useRealTimers();
  }
}
const events = () => sink.received.map(({ headers }) => headers['x-tocsin-event']);
const ids = () => sink.received.map(({ headers }) => headers['webhook-id']);

describe('what is sent', () => {
  it('a ping when it is added, which its secret verifies', async () => {
    const { id, secret } = await add();
    expect(events()).toEqual(['ping']);
    const [ping] = sink.received;
    expect(verified(ping!, secret)).toMatchObject({ type: 'ping', text: expect.stringContaining('ci') });
    expect(ping!.headers).toMatchObject({
      'content-type': 'application/json',
      'x-tocsin-delivery': ping!.headers['webhook-id'],
      'x-tocsin-attempt': '1',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(ping!.body).digest('hex')}`,
    });
    expect(() => verified(ping!, `whsec_${Buffer.alloc(32).toString('base64')}`)).toThrow();
    expect(() => verified({ ...ping!, body: `${ping!.body} ` }, secret)).toThrow();
    expect(await findReceiver(stage.db, id)).toMatchObject({
      address: id,
      disabled: null,
      everyChange: true,
    });
  });

  it('every change of an alert in order, whatever the quiet hours say', async () => {
    const { id, secret } = await add();
    await stage.database
      .sql`update people set quiet = '{"window":{"days":[1,2,3,4,5,6,7],"from":0,"to":1440},"through":null}'::jsonb`;
    let alert = await stage.fire('/home', [id]);
    const ana = { is: 'person', personId: 'p_1', name: 'Ana', role: 'member' } as const;
    alert = await stage.step(alert, { is: 'met', seen: seen({ severity: 'critical' }) }, [id]);
    alert = await stage.step(alert, { is: 'acknowledge', by: ana }, [id]);
    alert = await stage.step(alert, { is: 'release', by: ana }, [id]);
    alert = await stage.step(alert, { is: 'met', seen: seen() }, [id]);
    alert = await stage.step(alert, unmet(), [id]);
    await stage.settle();
    expect(events()).toEqual([
      'ping',
      'alert.fired',
      'alert.worse',
      'alert.acknowledged',
      'alert.released',
      'alert.resolved',
    ]);
    const told = sink.received
      .slice(1)
      .map((one) => verified(one, secret) as never as Record<string, object>);
    expect(told[0]).toMatchObject({
      id: sink.received[1]!.headers['webhook-id'],
      timestamp: new Date(stage.clock.now).toISOString(),
      alert: {
        id: alert.id,
        title: 'Disk nearly full',
        topic: 'disk.usage',
        status: 'firing',
        severity: 'warning',
        labels: { subject: '/home' },
        fields: { host: 'cad1', usage: '93.5' },
        revision: 1,
      },
      change: { name: 'fired', from: null, to: 'firing', reading: { is: 'met', value: 93.5, limit: 90 } },
      links: { alert: `https://tocsin.example/v1/alerts/${alert.id}` },
    });
    expect(told[1]).toMatchObject({ alert: { severity: 'critical', status: 'firing' } });
    expect(told[2]).toMatchObject({ alert: { status: 'acknowledged' }, change: { by: 'Ana' } });
    expect(told[4]).toMatchObject({ alert: { status: 'resolved' }, change: { to: 'resolved' } });
    expect(new Set(ids()).size).toBe(6);
    expect(await wrongs()).toEqual([]);
  });

  it('less than 20 kB, however much the event holds', async () => {
    const { id, secret } = await add();
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, 'ü'.repeat(290)]));
    await stage.fire('/home', [id], { fields, title: '<&"\u2028'.repeat(500) });
    await stage.settle();
    const one = sink.received[1]!;
    expect(Buffer.byteLength(one.body)).toBeLessThan(20_000);
    expect(verified(one, secret)).toMatchObject({ truncated: true, alert: { fields: {} } });
  });
});

describe('an endpoint that does not work', () => {
  it('gets everything in order once it is back after a day, with the ids it was tried with', async () => {
    const { id, secret } = await add();
    sink.answers(503);
    let alert = await stage.fire('/home', [id]);
    await stage.settle();
    for (let i = 0; i < 12; i++) await stage.fire(`/data${i}`, [id]);
    alert = await stage.step(alert, unmet(), [id]);
    await stage.pass(day, 10 * 60_000);
    const tries = sink.received.length;
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(60);
    sink.answers(204);
    sink.received.length = 0;
    await stage.pass(2 * hour, 60_000);
    expect(sink.received.map((one) => verified(one, secret).type)).toEqual([
      ...Array(13).fill('alert.fired'),
      'alert.resolved',
    ]);
    const first = sink.received[0]!;
    expect(first.headers['x-tocsin-possible-repeat']).toBe('2026-06-10T08:00:00.000Z');
    expect(Number(first.headers['x-tocsin-attempt'])).toBeGreaterThan(20);
    expect(await findReceiver(stage.db, id)).toMatchObject({ failures: 0, failingSince: null });
    expect(await wrongs()).toEqual([]);
    expect(alert.status).toBe('resolved');
  });

  it('is switched off after five days without one success, and its owner is told in the chat', async () => {
    const { id } = await add();
    sink.answers(500);
    await stage.fire('/home', [id]);
    await stage.pass(4.9 * day, hour);
    expect(await findReceiver(stage.db, id)).toMatchObject({ disabled: null });
    await stage.pass(0.4 * day, hour);
    const why = 'nothing has come through for 5 days, lastly: it answers HTTP 500';
    expect(await findReceiver(stage.db, id)).toMatchObject({ disabled: why });
    expect(stage.sent(1).at(-1)!.text).toContain(`I can no longer reach ci on webhook: ${why}`);
    sink.answers(200);
    const enabled = await enableReceiver(stage.world, actor, { receiverId: id }, stage.clock.now);
    expect(enabled).toMatchObject({ ok: true });
    const range = { receiverId: id, from: 0, to: stage.clock.now };
    expect(await redeliver(stage.world, actor, range, stage.clock.now)).toMatchObject({ ok: true, count: 2 });
    await stage.settle();
    expect(events().slice(-2)).toEqual(['ping', 'alert.fired']);
    expect(await wrongs()).toEqual([]);
  });

  it('that is gone (410) is switched off at once', async () => {
    const { id } = await add();
    sink.answers(410);
    await stage.fire('/home', [id]);
    await stage.settle();
    expect(await findReceiver(stage.db, id)).toMatchObject({ disabled: 'it asked us to stop (HTTP 410)' });
    expect(stage.sent(1).at(-1)!.text).toContain('I can no longer reach ci');
  });

  it('is left alone as long as it asks (Retry-After), others are not', async () => {
    const other = await openSink();
    const { id } = await add();
    const added = await addReceiver(
      stage.world,
      stage.book,
      actor,
      { ownerId: 'p_1', channel: 'webhook', contact: { url: other.url }, label: 'other' },
      stage.clock.now,
    );
    if (!added.ok) throw new Error(added.text);
    await stage.settle();
    sink.next((response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    await stage.fire('/home', [id, added.id]);
    await stage.settle();
    await stage.pass(50 * 60_000, 60_000);
    expect([sink.received.length, other.received.length]).toEqual([2, 2]);
    await stage.pass(20 * 60_000, 60_000);
    expect(sink.received.length).toBe(3);
    expect(sink.received[2]!.headers['x-tocsin-possible-repeat']).toBeUndefined();
    await other.close();
  });

  it.each([
    ['a redirect', 302, 'retry', false],
    ['a refusal', 400, 'retry', false],
    ['a broken server', 500, 'unknown', true],
    ['a gateway', 502, 'unknown', true],
  ])('%s (%i) is tried again after some seconds', async (_, status, outcome, marked) => {
    const { id } = await add();
    sink.next((response) => response.writeHead(status, { location: `${sink.url}/else` }).end());
    await stage.fire('/home', [id]);
    await stage.settle();
    expect((await stage.deliveries()).at(-1)).toMatchObject({ outcome });
    await stage.pass(30_000);
    expect((await stage.deliveries()).at(-1)).toMatchObject({ outcome: 'sent', marked });
    expect(sink.received).toHaveLength(3);
    expect(ids()[1]).toBe(ids()[2]);
  });

  it('that cuts, hangs up or drowns us costs one attempt', async () => {
    const { id } = await add();
    const drown: Parameters<Sink['next']>[0] = (response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 120)));
      };
      response.on('drain', more).on('close', () => {});
      more();
    };
    sink.next((response) => void response.destroy(), drown);
    await stage.fire('/home', [id]);
    await stage.pass(20_000);
    const tries = (await stage.deliveries()).slice(-2);
    expect(tries.map(({ outcome }) => outcome)).toEqual(['unknown', 'sent']);
    expect(tries[1]!.exchange!.response!.body.length).toBeLessThanOrEqual(1_024);
  });
});

describe('the secret', () => {
  it('is renewed: both are good for a while, then only the new one', async () => {
    const { id, secret } = await add();
    const renewed = await renewSecret(
      stage.world,
      stage.book,
      actor,
      { receiverId: id, overlapHours: 2 },
      stage.clock.now,
    );
    if (!renewed.ok) throw new Error(renewed.text);
    const fresh = renewed.shown.secret!;
    expect(fresh).not.toBe(secret);
    await stage.fire('/a', [id]);
    await stage.settle();
    expect(verified(sink.received[1]!, secret).type).toBe('alert.fired');
    expect(verified(sink.received[1]!, fresh).type).toBe('alert.fired');
    stage.clock.now += 3 * hour;
    await stage.fire('/b', [id]);
    await stage.settle();
    expect(verified(sink.received[2]!, fresh).type).toBe('alert.fired');
    expect(() => verified(sink.received[2]!, secret)).toThrow();
  });

  it('stands nowhere in the ledger, nor does the address', async () => {
    const { id, secret } = await add();
    await stage.fire('/home', [id]);
    sink.next((response) => response.end(`you sent ${sink.url}/hook?token=letmein and ${secret}`));
    await stage.settle();
    const dump = JSON.stringify(
      await Promise.all(
        ['receivers', 'notifications', 'deliveries', 'copies', 'budgets', 'audit', 'alerts'].map((table) =>
          stage.database.sql.unsafe(`select * from ${table}`),
        ),
      ),
    );
    for (const text of [secret, sink.url, 'letmein', secret.slice(6)]) expect(dump).not.toContain(text);
    await stage.database.sql`update receivers set contact = (select contact from receivers where id = ${id})`;
  });
});

describe('the log', () => {
  it('shows what was sent and answered, by receiver, outcome and page', async () => {
    const { id } = await add();
    sink.next((response) => response.writeHead(400).end('no thanks'));
    await stage.fire('/home', [id]);
    await stage.pass(30_000);
    const log = await deliveryLog(stage.db, { receiverId: id, limit: 10 });
    expect(log.map(({ outcome, kind }) => [kind, outcome])).toEqual([
      ['firing', 'sent'],
      ['firing', 'retry'],
      ['test', 'sent'],
    ]);
    const [failed] = await deliveryLog(stage.db, { receiverId: id, outcome: 'retry', limit: 1 });
    const { exchange } = (await findDelivery(stage.db, failed!.id))!;
    expect(exchange).toMatchObject({
      request: { method: 'POST', headers: { 'x-tocsin-event': 'alert.fired' } },
      response: { status: 400, body: 'no thanks', ms: expect.any(Number) },
    });
    expect(JSON.parse(exchange!.request.body)).toMatchObject({ type: 'alert.fired' });
    const older = await deliveryLog(stage.db, { receiverId: id, before: log[0]!.id, limit: 1 });
    expect(older[0]!.id).toBe(log[1]!.id);
  });

  it('one message is sent again with its id, marked', async () => {
    const { id } = await add();
    await stage.fire('/home', [id]);
    await stage.settle();
    const [last] = await deliveryLog(stage.db, { receiverId: id, limit: 1 });
    stage.clock.now += hour;
    const again = await redeliver(stage.world, actor, { deliveryId: last!.id }, stage.clock.now);
    expect(again).toMatchObject({ ok: true, count: 1 });
    await stage.settle();
    expect(ids()[2]).toBe(ids()[1]);
    expect(sink.received[2]!.body).toBe(sink.received[1]!.body);
    expect(sink.received[2]!.headers['x-tocsin-possible-repeat']).toBeDefined();
    const stranger: Actor = { is: 'person', personId: 'p_2', name: 'P2', role: 'member' };
    expect(await redeliver(stage.world, stranger, { deliveryId: last!.id }, stage.clock.now)).toMatchObject({
      code: 'forbidden',
    });
    expect(await wrongs()).toEqual([]);
  });
});

async function wrongs() {
  const found = await examine(stage.database, stage.clock.now);
  // The stage's alerts have no rules.
  return found.filter(({ weight, check }) => weight === 'wrong' && !/rules|remembered/.test(check));
}
