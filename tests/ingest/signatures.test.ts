// Sources with a secret: signed bodies are taken, everything else is 401; the secret can be changed with an overlap.
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#core/actor.ts';
import { checkSignature } from '#ingest/signature.ts';
import { createKey } from '#operations/create-key.ts';
import { removeSourceSecret } from '#operations/remove-source-secret.ts';
import { type SecretInput, setSourceSecret } from '#operations/set-source-secret.ts';
import { sealAnew } from '#store/secrets.ts';
import { type Door, openDoor } from './door.ts';

const operator: Actor = { is: 'operator', name: 'the operator' };
let door: Door;
let made = 0;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

/** A source with a key and a secret. */
async function signing(secret?: string) {
  const source = `signing ${made++}`;
  const key = await createKey(door.world, operator, { source }, door.clock.now);
  if (!key.ok) throw new Error(key.text);
  const set = await sign({ source, ...(secret === undefined ? {} : { secret }) });
  const push = (body: string, headers: Record<string, string>, path = '/v1/events') =>
    door.post(body, { path, key: key.key, headers });
  return { source, secret: set.secret, push };
}
async function sign(input: SecretInput) {
  const set = await setSourceSecret(door.world, operator, input, door.clock.now);
  if (!set.ok) throw new Error(set.text);
  // What a key may do is remembered for less than a second.
  door.clock.now += 1_000;
  return set;
}
const event = '{"type":"disk.usage","data":{"usage":93.5}}';

/** As the published library of Standard Webhooks signs. */
function standard(secret: string, body: string, { id = 'msg_1', at = door.clock.now } = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(at), body),
  };
}
const hex = (secret: string, body: string) => createHmac('sha256', secret).update(body).digest('hex');

it('who cannot sign hears nothing about what was sent', async () => {
  const { secret, push } = await signing('a secret of ours');
  for (const path of ['/v1/events', '/v1/in/github'])
    for (const headers of [{}, { 'x-hub-signature-256': 'sha256=00' }])
      expect((await push('nope', headers, path)).json).toMatchObject({ status: 401 });
  const signed = { 'x-hub-signature-256': `sha256=${hex(secret, 'nope')}` };
  expect((await push('nope', signed)).json).toMatchObject({ status: 400 });
});

describe('Standard Webhooks', () => {
  it('say what a time is when it is none', async () => {
    const { secret, push } = await signing();
    const { json } = await push(event, { ...standard(secret, event), 'webhook-timestamp': 'abc' });
    expect(json).toMatchObject({ status: 401, detail: expect.stringContaining('whole seconds') });
  });

  it('are taken, and known by their id when they come again', async () => {
    const { secret, push } = await signing();
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    const headers = standard(secret, event);
    const first = await push(event, headers);
    expect([first.status, first.json.events[0].id]).toEqual([202, 'msg_1']);
    door.clock.now += 60_000;
    expect((await push(event, headers)).json).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  it('are refused outside five minutes, before and after', async () => {
    const { secret, push } = await signing();
    for (const [away, status] of [
      [-299_000, 202],
      [299_000, 202],
      [-302_000, 401],
      [302_000, 401],
      [-86_400_000, 401],
    ] as const) {
      const headers = standard(secret, event, { id: `msg_${away}`, at: door.clock.now + away });
      expect([away, (await push(event, headers)).status]).toEqual([away, status]);
    }
  });

  it('are refused when a byte of the body, the id or the time is another', async () => {
    const { secret, push } = await signing();
    const headers = standard(secret, event, { id: 'msg_3' });
    const bodies = [event.replace('93.5', '93.6'), `${event} `, event.replace('disk', 'dısk')];
    for (const body of bodies) expect((await push(body, headers)).status).toBe(401);
    for (const [name, value] of Object.entries({
      'webhook-id': 'msg_4',
      'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1),
      'webhook-signature': headers['webhook-signature'].slice(0, -4),
    })) {
      const { status, json } = await push(event, { ...headers, [name]: value });
      expect([name, status, json.type]).toEqual([name, 401, 'urn:tocsin:problem:unsigned']);
    }
    for (const value of ['', 'v1', 'v1,', 'v2,abc', 'x'.repeat(5_000)])
      expect((await push(event, { ...headers, 'webhook-signature': value })).status).toBe(401);
    expect((await push(event, headers)).status).toBe(202);
  });

  it('may bear several signatures while a secret changes', async () => {
    const { secret, push } = await signing();
    const headers = standard(secret, event, { id: 'msg_5' });
    const other = standard(`whsec_${Buffer.alloc(32, 7).toString('base64')}`, event)['webhook-signature'];
    const both = { ...headers, 'webhook-signature': `${other} ${headers['webhook-signature']}` };
    expect((await push(event, both)).status).toBe(202);
  });
});

it('GitHub signs the raw body: its own published example fits', () => {
  const secret = "It's a Secret to Everybody";
  const headers = (signature: string) => new Headers({ 'x-hub-signature-256': signature });
  const good = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
  const body = Buffer.from('Hello, World!');
  expect(checkSignature([secret], headers(good), body, 0)).toEqual({ ok: true });
  expect(checkSignature([secret], headers(good), Buffer.from('Hello, World?'), 0)).toMatchObject({
    ok: false,
  });
  for (const bad of [
    '',
    'sha256=',
    'sha256=zz',
    good.slice(0, -2),
    `${good}00`,
    good.replace('7571', '7572'),
  ])
    expect(checkSignature([secret], headers(bad), body, 0)).toMatchObject({ ok: false });
});

it('GitHub, Sentry, Grafana and GitLab prove themselves each in their way, also when they send a form', async () => {
  const { secret, push } = await signing('a secret of at least 16');
  const form = new URLSearchParams({ payload: '{"zen":"Design for failure."}' }).toString();
  const github = { 'x-github-event': 'ping', 'content-type': 'application/x-www-form-urlencoded' };
  const sent = (more: Record<string, string>) => push(form, { ...github, ...more }, '/v1/in/github');
  expect((await sent({ 'x-hub-signature-256': `sha256=${hex(secret, form)}` })).status).toBe(202);
  expect((await sent({ 'x-hub-signature-256': `sha256=${hex(secret, `${form}x`)}` })).status).toBe(401);
  for (const name of ['sentry-hook-signature', 'x-grafana-alerting-signature']) {
    expect((await push(event, { [name]: hex(secret, event) })).status).toBe(202);
    expect((await push(event, { [name]: hex('another secret altogether', event) })).status).toBe(401);
  }
  expect((await push(event, { 'x-gitlab-token': secret })).status).toBe(202);
  expect((await push(event, { 'x-gitlab-token': `${secret}x` })).status).toBe(401);
});

it('without a signature nothing is taken, at any door, and the answer says what is needed', async () => {
  const { push, source } = await signing();
  const { status, json } = await push(event, {});
  expect([status, json.detail]).toEqual([401, expect.stringContaining('x-hub-signature-256')]);
  expect((await push('[]', {}, '/api/v2/alerts')).status).toBe(401);
  expect((await push('line', { 'content-type': 'text/plain' }, '/v1/in/plain')).status).toBe(401);
  expect(await door.database.sql`select 1 from events where source = ${source}`).toHaveLength(0);
  await removeSourceSecret(door.world, operator, { source }, door.clock.now);
  door.clock.now += 1_000;
  expect((await push(event, {})).status).toBe(202);
});

it('a new secret is good at once, the old one until the overlap ends', async () => {
  const { push, source, secret: old } = await signing();
  const next = await sign({ source, overlapHours: 1 });
  const tries = async (secret: string, id: string) =>
    (await push(event, standard(secret, event, { id }))).status;
  expect([await tries(old, 'a'), await tries(next.secret, 'b')]).toEqual([202, 202]);
  door.clock.now += 3_600_000;
  expect([await tries(old, 'c'), await tries(next.secret, 'd')]).toEqual([401, 202]);
  const last = await sign({ source, overlapHours: 0 });
  expect([await tries(next.secret, 'e'), await tries(last.secret, 'f')]).toEqual([401, 202]);
});

it('secrets are kept sealed, survive a change of the sealing key, and stand in no audit', async () => {
  const { source, secret, push } = await signing();
  const dump =
    JSON.stringify(await door.database.sql`select * from sources`) +
    JSON.stringify(await door.database.sql`select * from audit`);
  expect(dump).not.toContain(secret.slice(6, 30));
  await sealAnew(door.database.db, door.world.keyring, door.world.chance);
  expect((await push(event, standard(secret, event, { id: 'sealed' }))).status).toBe(202);
  // Copied to another row it opens nothing.
  const other = await signing();
  await door.database.sql`update sources set secret = (select secret from sources where name = ${source})
    where name = ${other.source}`;
  door.clock.now += 1_000;
  expect((await other.push(event, standard(secret, event, { id: 'moved' }))).status).toBe(503);
});

it('refuses secrets that are none, and people who are no admins', async () => {
  const { source } = await signing();
  const member: Actor = { is: 'key', sourceId: 's', name: 'ci', scopes: ['ingest'] };
  for (const secret of [
    'short',
    'x'.repeat(201),
    'tab\tbetween-the-words',
    'whsec_AAAA',
    'ümlaut-ümlaut-ümlaut',
  ])
    expect(await setSourceSecret(door.world, operator, { source, secret }, door.clock.now)).toMatchObject({
      code: 'invalid',
    });
  expect(
    await setSourceSecret(door.world, operator, { source, overlapHours: 1_000 }, door.clock.now),
  ).toMatchObject({ code: 'invalid' });
  expect(await setSourceSecret(door.world, operator, { source: 'none' }, 0)).toMatchObject({
    code: 'not-found',
  });
  expect(await setSourceSecret(door.world, member, { source }, 0)).toMatchObject({ code: 'forbidden' });
  expect(await removeSourceSecret(door.world, member, { source }, 0)).toMatchObject({ code: 'forbidden' });
});
