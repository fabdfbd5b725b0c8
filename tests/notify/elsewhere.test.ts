// What cannot be told in one place: said elsewhere, tried again by a press, told at the next place when it is critical.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/actor.ts';
import { addReceiver } from '../../src/operations/add-receiver.ts';
import { optOut } from '../../src/operations/opt-out.ts';
import { retryNotification } from '../../src/operations/retry-notification.ts';
import { enableReceiver } from '../../src/store/receivers.ts';
import { openStage, type Stage, unmet } from './stage.ts';
import { openPlaces, type Places } from './stand-ins/places.ts';
import type { Mood } from './stand-ins/post-office.ts';

const actor: Actor = { is: 'person', personId: 'p_1', name: 'P1', role: 'member' };
let stage: Stage;
let places: Places;
beforeEach(async () => {
  places = await openPlaces();
  stage = await openStage({ limits: 'off', gateways: places.set });
  await stage.person(1);
});
afterEach(async () => {
  await stage.close();
  await places.close();
});

async function add(channel: string) {
  const input = { ownerId: 'p_1', channel, contact: places.contact(channel)!, label: `my ${channel}` };
  const added = await addReceiver(stage.world, stage.book, actor, input, stage.clock.now);
  if (!added.ok) throw new Error(added.text);
  await stage.settle();
  places.arrived.length = 0;
  return added.id;
}
const chat = () => stage.sent(1);

it('a message that died is said in the chat with its reason, and a press tries it again', async () => {
  const id = await add('ntfy');
  places.sink.next(400);
  await stage.fire('/home', [id]);
  await stage.settle();
  expect(places.arrived).toEqual([]);
  expect(chat().at(-1)!.text).toContain(
    'A message for my ntfy could not be told on ntfy: it answers HTTP 400.',
  );
  expect(JSON.stringify(chat().at(-1))).toContain('Try again');
  const dead = (await stage.notifications()).find(({ status }) => status === 'dead')!;
  const again = () => retryNotification(stage.world, actor, { notificationId: dead.id }, stage.clock.now);
  expect(await again()).toMatchObject({ ok: true, label: 'my ntfy' });
  await stage.settle();
  expect(places.arrived).toHaveLength(1);
  expect(await again()).toMatchObject({ code: 'conflict', text: 'It has arrived meanwhile.' });
});

it('a critical one goes to the next place by itself, and its end, too', async () => {
  const id = await add('ntfy');
  places.sink.next(400);
  const alert = await stage.fire('/home', [id], { severity: 'critical' });
  await stage.settle();
  expect(chat().filter(({ text }) => text.includes('Disk nearly full: /home'))).toHaveLength(1);
  await stage.step(alert, unmet(), [id]);
  await stage.settle();
  expect(chat().some(({ text }) => text.includes('is over'))).toBe(true);
});

/** What each of the other ends says to one message, and what it says when the place is gone for good. */
const refusals: Record<string, { never: Misfortune; gone?: Misfortune }> = {
  telegram: {
    never: { telegram: { status: 400, description: 'Bad Request: something nobody has seen before' } },
    gone: { telegram: { status: 403, description: 'Forbidden: bot was blocked by the user' } },
  },
  browser: { never: { http: 400 }, gone: { http: 410 } },
  email: {
    never: { mail: { at: 'data', code: 554, text: '5.6.0 spam' } },
    gone: { mail: { at: 'rcpt', code: 550, text: '5.1.1 no such user' } },
  },
  sms: { never: { http: 400 } },
  signal: { never: { http: 400 }, gone: { http: 400, body: '{"error":"Unregistered user"}' } },
  matrix: { never: { http: 400 }, gone: { http: 403, body: '{"errcode":"M_FORBIDDEN"}' } },
  mattermost: { never: { http: 400 }, gone: { http: 410 } },
  ntfy: { never: { http: 400 }, gone: { http: 403 } },
  waku: { never: { http: 400 } },
};
interface Misfortune {
  http?: number;
  body?: string;
  mail?: Mood;
  telegram?: { status: number; description: string };
}
const strike = ({ http, body, mail, telegram }: Misfortune) => {
  if (http !== undefined) places.sink.next((response) => void response.writeHead(http).end(body ?? ''));
  if (mail) places.office.next(mail);
  if (telegram) stage.sandbox.faults.next(1, telegram, { chat: 1 });
};

it('every channel that people read is in the table', () => {
  const names = stage.channels.filter(({ everyChange }) => !everyChange).map(({ name }) => name);
  expect(Object.keys(refusals)).toEqual(names);
});

describe.each(Object.entries(refusals))('%s: what is critical', (name, { never, gone }) => {
  const toldElsewhere = () =>
    name === 'telegram'
      ? places.arrived.map(({ text }) => text)
      : chat().map(({ text, history }) => history[0]?.text ?? text);
  const begins = async () => {
    const other = name === 'telegram' ? await add('ntfy') : 'v_1';
    const id = name === 'telegram' ? 'v_1' : await add(name);
    await enableReceiver(stage.db, id);
    return { id, other };
  };
  const named = (subject: string) =>
    toldElsewhere().filter((text) => text.includes(`Disk nearly full: ${subject}`)).length;

  it('and dies there is told at the next place, once, though both are asked for', async () => {
    const { id, other } = await begins();
    strike(never);
    await stage.fire('/home', [id], { severity: 'critical' });
    await stage.settle();
    expect(named('/home')).toBe(1);
    strike(never);
    await stage.fire('/both', [id, other], { severity: 'critical' });
    await stage.settle();
    expect(named('/both')).toBe(1);
  });

  if (gone)
    it('and finds the place gone is told at the next one, also what waits there and what comes later', async () => {
      const { id } = await begins();
      strike(gone);
      await stage.fire('/home', [id], { severity: 'critical' });
      await stage.fire('/waits', [id], { severity: 'critical' });
      await stage.fire('/mild', [id]);
      await stage.settle();
      const alert = await stage.fire('/later', [id], { severity: 'critical' });
      await stage.pass(10_000, 2_000);
      expect([named('/home'), named('/waits'), named('/later'), named('/mild')]).toEqual([1, 1, 1, 0]);
      await stage.step(alert, unmet(), [id]);
      await stage.pass(4_000, 2_000);
      expect(toldElsewhere().filter((text) => /\/later is over/.test(text))).toHaveLength(1);
    });
});

it('a warning does not', async () => {
  const id = await add('ntfy');
  places.sink.next(400);
  await stage.fire('/home', [id]);
  await stage.settle();
  expect(chat().filter(({ text }) => text.includes('Disk nearly full'))).toEqual([]);
});

it('who opted out of a topic on a channel is told it on the others, and still hears the end of what they heard', async () => {
  const id = await add('ntfy');
  const heard = await stage.fire('/before', [id, 'v_1']);
  await stage.settle();
  const out = (channel: string, yes: boolean) =>
    optOut(
      stage.world,
      stage.book,
      actor,
      { ownerId: 'p_1', topic: 'disk.**', channel, out: yes },
      stage.clock.now,
    );
  expect(await out('ntfy', true)).toMatchObject({ ok: true, changed: true });
  expect(await out('ntfy', true)).toMatchObject({ ok: true, changed: false });
  expect(await out('pigeon', true)).toMatchObject({ code: 'invalid' });
  await stage.fire('/after', [id, 'v_1']);
  await stage.step(heard, unmet(), [id, 'v_1']);
  await stage.pass(10_000, 5_000);
  expect(places.arrived.map(({ text }) => text.includes('/after'))).toEqual([false, false]);
  expect(places.arrived[1]!.text).toContain('/before');
  expect(chat().some(({ text }) => text.includes('/after'))).toBe(true);
  const dropped = (await stage.notifications()).find(({ reason }) => reason === 'opted-out');
  expect(dropped).toMatchObject({
    status: 'suppressed',
    detail: 'This receiver does not want to hear of disk.**.',
  });
  await out('ntfy', false);
  await stage.fire('/again', [id]);
  await stage.settle();
  expect(places.arrived.at(-1)!.text).toContain('/again');
});
