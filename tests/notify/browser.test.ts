// Push to a browser: encrypted for its keys alone, and shown by the real service worker in a real Chromium.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/actor.ts';
import { makeDoor, type OpenDoor, openDoor } from '../../src/http.ts';
import { pushPages } from '../../src/notify/push-pages.ts';
import { addReceiver, seal } from '../../src/operations/add-receiver.ts';
import { offerBrowser } from '../../src/operations/offer-browser.ts';
import { findReceiver, receiversOf } from '../../src/store/receivers.ts';
import { until } from '../harness/until.ts';
import { openStage, type Stage, unmet } from './stage.ts';
import { openSink, type Received, type Sink } from './stand-ins/sink.ts';
import { subscriber, vapidClaims } from './stand-ins/subscriber.ts';

const actor: Actor = { is: 'person', personId: 'p_1', name: 'P1', role: 'member' };
const phone = subscriber();
let stage: Stage;
let sink: Sink;
let door: OpenDoor;

beforeAll(async () => {
  stage = await openStage({ limits: 'off' });
  sink = await openSink(201);
  await stage.person(1);
  const app = makeDoor({
    health: async () => ({ status: 'ok' }) as never,
    ready: () => true,
    metrics: { page: async () => '', contentType: 'text/plain' },
    mayRead: async () => false,
    push: pushPages(stage.world, stage.book, () => stage.clock.now),
    broke: (error) => {
      throw error;
    },
  });
  door = await openDoor(app, '127.0.0.1', 0);
});
afterAll(async () => {
  await door.close(100);
  await sink.close();
  await stage.close();
});
beforeEach(() => sink.forget());

const read = ({ bytes }: Received) => JSON.parse(phone.decrypt(bytes));
const endpoint = (name: string) => `${sink.url}/push/${name}`;
async function add(name: string) {
  const contact = { endpoint: endpoint(name), p256dh: phone.p256dh, auth: phone.auth };
  const input = { ownerId: 'p_1', channel: 'browser', contact, label: name };
  const added = await addReceiver(stage.world, stage.book, actor, input, stage.clock.now);
  if (!added.ok) throw new Error(added.text);
  await stage.settle();
  return added.id;
}
async function offered() {
  const offer = await offerBrowser(stage.world, actor, { ownerId: 'p_1' }, stage.clock.now);
  if (!offer.ok) throw new Error(offer.text);
  return offer.path;
}

describe('what a push service is given', () => {
  it('only the browser can read it, and the service knows who sends', async () => {
    const id = await add('phone');
    const alert = await stage.fire('/home', [id], { severity: 'critical' });
    await stage.settle();
    await stage.step(alert, unmet(), [id]);
    await stage.settle();
    const [test, fired, over] = sink.received;
    expect(read(test!)).toMatchObject({ body: expect.stringContaining('This is a test for phone') });
    expect(read(fired!)).toEqual({
      title: '🔴 Disk nearly full: /home',
      body: expect.stringContaining('93.5, limit 90'),
      tag: alert.id,
      silent: false,
      stays: true,
    });
    expect(read(over!)).toMatchObject({
      title: expect.stringContaining('is over'),
      tag: alert.id,
      stays: false,
    });
    expect(fired!.headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400', urgency: 'high' });
    const claims = vapidClaims(fired!.headers.authorization!);
    expect(claims).toMatchObject({ aud: sink.url, sub: 'https://tocsin.example' });
    expect(vapidClaims(over!.headers.authorization!).key).toBe(claims.key);
    const dump = JSON.stringify([
      await stage.database.sql`select * from secrets`,
      await stage.database.sql`select * from receivers`,
      await stage.database.sql`select * from deliveries`,
    ]);
    for (const secret of [phone.p256dh, phone.auth, endpoint('phone')]) expect(dump).not.toContain(secret);
  });

  it.each([404, 410])('HTTP %i: the browser is gone, its owner is told in the chat', async (status) => {
    const id = await add(`gone ${status}`);
    sink.next(status);
    await stage.fire('/home', [id]);
    await stage.settle();
    expect(await findReceiver(stage.db, id)).toMatchObject({
      disabled: 'the browser no longer takes notifications',
    });
    expect(stage.sent(1).at(-1)!.text).toContain(`I can no longer reach gone ${status}`);
  });
});

it('keys with which nothing can be sealed are refused, and one that is kept holds up nobody', async () => {
  const contact = {
    endpoint: endpoint('odd'),
    p256dh: Buffer.alloc(65, 4).toString('base64url'),
    auth: phone.auth,
  };
  const input = { ownerId: 'p_1', channel: 'browser', contact, label: 'odd' };
  expect(await addReceiver(stage.world, stage.book, actor, input, stage.clock.now)).toMatchObject({
    code: 'invalid',
    faults: [{ path: 'p256dh', text: 'must be a public key on the curve P-256' }],
  });
  const id = await add('kept');
  const sealed = seal(stage.world, id, contact);
  await stage.database.sql`update receivers set contact = ${sealed} where id = ${id}`;
  await stage.fire('/odd', [id]);
  await stage.settle();
  expect(await findReceiver(stage.db, id)).toMatchObject({
    disabled: 'nothing can be sealed with the keys it gave',
  });
});

describe('the link', () => {
  const ask = (path: string, body?: object) =>
    fetch(`${door.url}${path}`, body ? { method: 'POST', body: JSON.stringify(body) } : {});
  const subscription = (name: string) => ({
    endpoint: endpoint(name),
    keys: { p256dh: phone.p256dh, auth: phone.auth },
  });

  it('is good once, for its own person, and not for long', async () => {
    const path = await offered();
    expect((await ask(path)).status).toBe(200);
    const answers = await Promise.all([1, 2, 3].map((n) => ask(path, subscription(`once ${n}`))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404]);
    expect((await ask(path)).status).toBe(404);
    expect((await ask(`${path}x`)).status).toBe(404);
    const late = await offered();
    stage.clock.now += 16 * 60_000;
    expect((await ask(late, subscription('late'))).status).toBe(404);
    const bad = await offered();
    expect((await ask(bad, { endpoint: 'x' })).status).toBe(422);
    const mine = await receiversOf(stage.db, ['p_1']);
    expect(mine.filter(({ label }) => label.startsWith('Browser'))).toHaveLength(1);
  });
});

const executablePath = '/usr/bin/chromium';
const possible = existsSync(executablePath);
if (!possible && process.env.CI === 'true')
  throw new Error('Chromium is not installed, and CI skips nothing.');
const quiet =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

describe.skipIf(!possible)('in a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: quiet.split(' ') });
  }, 60_000);
  afterAll(() => browser?.close());

  it('one press makes it a receiver, and its service worker shows what is pushed', async () => {
    const context = await browser.newContext();
    await context.grantPermissions(['notifications'], { origin: door.url });
    const page = await context.newPage();
    // The browser's own push service cannot be reached here: ours stands in its place.
    const own = { endpoint: endpoint('chromium'), keys: { p256dh: phone.p256dh, auth: phone.auth } };
    await page.addInitScript(`PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      if (applicationServerKey.length !== 65) throw new Error('no key');
      return { toJSON: () => (${JSON.stringify(own)}) };
    };`);
    const session = await context.newCDPSession(page);
    const registrations: { registrationId: string; scopeURL: string }[] = [];
    session.on('ServiceWorker.workerRegistrationUpdated', (event) =>
      registrations.push(...event.registrations),
    );
    await session.send('ServiceWorker.enable');
    await page.goto(`${door.url}${await offered()}`);
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('It works').waitFor();
    const id = (await receiversOf(stage.db, ['p_1'])).find(({ label }) => /^Chrome/.test(label))!.id;
    await stage.settle();
    await stage.fire('/home', [id], { severity: 'critical' });
    await stage.settle();
    const fired = sink.received.at(-1)!;
    expect(fired.path).toBe('/push/chromium');
    const registration = await until('the service worker is known', () =>
      registrations.find(({ scopeURL }) => scopeURL.endsWith('/app/notifications/')),
    );
    await session.send('ServiceWorker.deliverPushMessage', {
      origin: door.url,
      registrationId: registration.registrationId,
      data: phone.decrypt(fired.bytes),
    });
    const shown = await until('the notification is shown', () =>
      page.evaluate(`(async () => {
        const worker = await navigator.serviceWorker.getRegistration('/app/notifications/');
        const all = (await worker?.getNotifications()) ?? [];
        return all.length > 0 ? all.map(({ title, body }) => ({ title, body })) : undefined;
      })()`),
    );
    expect(shown).toEqual([
      { title: '🔴 Disk nearly full: /home', body: expect.stringContaining('93.5, limit 90') },
    ]);
    await context.close();
  }, 60_000);
});
