// What cannot be told in one place: said elsewhere, tried again by a press, told at the next place when it is critical.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Actor } from '../../src/core/actor.ts';
import { addReceiver } from '../../src/operations/add-receiver.ts';
import { optOut } from '../../src/operations/opt-out.ts';
import { retryNotification } from '../../src/operations/retry-notification.ts';
import { openStage, type Stage, unmet } from './stage.ts';
import { openPlaces, type Places } from './stand-ins/places.ts';

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
