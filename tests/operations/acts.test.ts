// Actions that are pressed: who may, once, at most once, and what is known when the process dies in the middle.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actionBook } from '#act/action-book.ts';
import { actWork } from '#act/worker.ts';
import type { Actor, Role } from '#core/actor.ts';
import type { Alert } from '#core/alert.ts';
import { confirmAction } from '#operations/confirm-action.ts';
import { declareAction } from '#operations/declare-action.ts';
import { pressAction } from '#operations/press-action.ts';
import { removeAction } from '#operations/remove-action.ts';
import { resolveAlert } from '#operations/resolve-alert.ts';
import { type Act, findAct } from '#store/acts.ts';
import { transitionsOf } from '#store/alert-lists.ts';
import { auditTrail } from '#store/audit.ts';
import { pendingWork } from '#store/pending.ts';
import { picturesIn } from '#store/pictures.ts';
import { border } from '../harness/border.ts';
import {
  addAlert,
  addGroup,
  addPerson,
  addRule,
  asActor,
  noon,
  openStage,
  operator,
  type Stage,
} from './stage.ts';

let stage: Stage;
let calls: { id: string; headers: IncomingMessage['headers']; url: string; body: string }[] = [];
/** What the other side does with a call. */
let answers: 'fine' | 'broken' | 'gateway' | 'never' = 'fine';
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    calls.push({
      id: String(request.headers['webhook-id']),
      headers: request.headers,
      url: request.url ?? '',
      body,
    });
    if (answers === 'never') return request.socket.destroy();
    response.statusCode = { fine: 200, broken: 500, gateway: 502 }[answers];
    response.end('restarted\u0000');
  });
});
let url: string;

beforeAll(async () => {
  stage = await openStage();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await stage.end();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
beforeEach(() => {
  calls = [];
  answers = 'fine';
});

const chatId = 5;
let names = 0;
async function scene(given: object = {}, role: Role = 'admin') {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ana', role);
  const actor = asActor(person);
  const alert = await addAlert(world, await addRule(world, person.id));
  const input = {
    name: `restart-${++names}`,
    title: 'Restart',
    params: { url: `${url}/nodes/{subject}/restart?token=my`, data: { usage: '{fields.usage}' } },
    topic: 'disk.*',
    ...given,
  };
  const made = await declareAction(world, actionBook, operator, input, noon);
  if (!made.ok) throw new Error(`${made.text} ${JSON.stringify('faults' in made ? made.faults : '')}`);
  const { id: actionId } = made.action;
  const press = (who: Actor = actor, now = noon, pressId = `press-${++names}`) =>
    pressAction(world, actionBook, who, { actionId, alertId: alert.id, chatId, pressId }, now);
  const asked = async (who: Actor = actor, now = noon) => {
    const done = await press(who, now);
    if (!done.ok) throw new Error(done.text);
    return done.act.id;
  };
  const confirm = (actId: string, who: Actor = actor, now = noon + 1000, where = chatId) =>
    confirmAction(world, who, { actId, chatId: where, yes: true }, now);
  return { world, person, actor, alert, actionId, secret: made.secret!, press, asked, confirm };
}

const { outbound } = border;
const work = (now: number) => actWork({ world: stage.world, outbound, clock: () => now });
/** What the sweeper would do at this instant, until nothing is left. */
async function sweep(now: number) {
  for (let round = 0; round < 10; round++) {
    const bells = (await pendingWork(stage.world.database.db, now)).filter(({ job }) => job === 'act');
    if (bells.length === 0) return;
    await Promise.all(bells.map(({ id }) => work(now).act(id, now)));
  }
}
const actNow = async (id: string) => (await findAct(stage.world.database.db, id)) as Act;
const acted = async ({ id: alertId }: Alert) =>
  (await picturesIn(stage.world.database.db, [{ alertId, receiverId: '' }], 0)).alerts.get(alertId)?.acted;

it('is pressed, confirmed, done once, signed, and noted on the alert and in the trail', async () => {
  const { world, alert, actionId, secret, asked, confirm, press } = await scene();
  const id = await asked();
  // A bell that rings too early, and one that rings four times.
  await work(noon + 500).act(id, noon + 500);
  expect(calls).toEqual([]);
  expect(await confirm(id)).toMatchObject({ ok: true });
  await Promise.all([1, 2, 3, 4].map(() => work(noon + 1000).act(id, noon + 1000)));
  await work(noon + 90_000).act(id, noon + 90_000);
  expect(calls).toHaveLength(1);
  const [call] = calls;
  expect(call!.url).toBe('/nodes/%2Fhome/restart?token=my');
  expect(call!.id).toBe(id);
  const age = { 'webhook-timestamp': String(Math.floor(Date.now() / 1000)) };
  expect(() =>
    new Webhook(secret).verify(call!.body, { ...(call!.headers as Record<string, string>), ...age }),
  ).toThrow();
  const fresh = new Webhook(secret).sign(id, new Date(noon + 1000), call!.body);
  expect(call!.headers['webhook-signature']).toBe(fresh);
  expect(JSON.parse(call!.body)).toMatchObject({
    type: 'action',
    id,
    by: 'Ana',
    data: { usage: '93.5' },
    alert: { id: alert.id },
  });
  expect(await actNow(id)).toMatchObject({
    status: 'done',
    answer: { status: 200, body: 'restarted' },
    attempts: 1,
  });
  expect(await acted(alert)).toMatchObject({ text: 'Restart: done, it answered HTTP 200', by: 'Ana' });
  expect((await transitionsOf(world.database.db, alert.id)).at(-1)).toMatchObject({ change: 'acted' });
  const trail = await auditTrail(world.database.db, { target: actionId });
  const verbs = ['end-act', 'confirm-action', 'press-action', 'declare-action'];
  expect(trail.map(({ verb }) => verb)).toEqual(verbs);
  expect(trail.map(({ detail }) => JSON.stringify(detail)).join()).not.toContain('token=my');
  // Done is done; wanted again it is another act.
  expect(await confirm(id)).toMatchObject({ code: 'conflict', text: 'You have confirmed this already.' });
  expect(await press(undefined, noon + 2000)).toMatchObject({ ok: true });
});

describe('who may', () => {
  it.each([
    ['a member, when only admins may', {}, 'member', false],
    ['an admin', {}, 'admin', true],
    ['a member, when members may', { may: { roles: ['member'] } }, 'member', true],
    ['an admin, when only owners may', { may: { roles: ['owner'] } }, 'admin', false],
  ] as const)('%s', async (_name, given, role, allowed) => {
    const { press } = await scene(given, role);
    expect((await press()).ok).toBe(allowed);
  });

  it('who is named, whatever their role, and nobody else', async () => {
    const { world } = stage;
    const { person } = await addPerson(world, 'Ben');
    const { press, alert } = await scene({ may: { people: [`telegram:${person.telegramId}`] } });
    expect(await press()).toMatchObject({ code: 'forbidden' });
    // Named, but the alert is not theirs.
    expect(await press(asActor(person))).toMatchObject({
      code: 'forbidden',
      text: 'This belongs to somebody else.',
    });
    expect(alert.status).toBe('firing');
  });

  it('no key, no operator, no clock, nobody who has left, and nobody who says that they are more than they are', async () => {
    const { world, press } = await scene({ may: { roles: ['member', 'admin', 'owner'] } });
    const left = (await addPerson(world, 'Hal', 'owner', noon - 1)).person;
    const forged: Actor = { ...asActor((await addPerson(world, 'Jan')).person), role: 'owner' };
    const key: Actor = { is: 'key', sourceId: 's', name: 'ci', scopes: ['admin'] };
    for (const actor of [key, operator, { is: 'clock' } as const, asActor(left), forged])
      expect(await press(actor)).toMatchObject({ ok: false });
  });

  it('only the one who asked confirms, in the chat where it was asked, within a minute', async () => {
    const { world, asked, confirm, actor } = await scene();
    const other = asActor((await addPerson(world, 'Fay', 'owner')).person);
    const id = await asked();
    expect(await confirm(id, other)).toMatchObject({
      code: 'forbidden',
      text: 'Only Ana, who asked for it, can say so.',
    });
    expect(await confirm(id, actor, noon + 1000, 6)).toMatchObject({ code: 'not-found' });
    expect(await confirm('act_forged')).toMatchObject({ code: 'not-found' });
    expect(await confirm(id, actor, noon + 60_000)).toMatchObject({ code: 'conflict' });
    expect(await confirm(id)).toMatchObject({ code: 'conflict', text: 'Nothing was done.' });
    await sweep(noon + 100_000);
    expect(calls).toEqual([]);
  });

  it('rights are asked once more: lowered, ended, removed in between', async () => {
    const one = await scene();
    const first = await one.asked();
    await stage.world.database.sql`update people set role = 'member' where id = ${one.person.id}`;
    expect(await one.confirm(first)).toMatchObject({ code: 'forbidden' });
    const two = await scene();
    const second = await two.asked();
    await resolveAlert(stage.world, operator, { alertId: two.alert.id }, noon);
    expect(await two.confirm(second)).toMatchObject({ text: 'It is over: there is nothing to do any more.' });
    const three = await scene();
    const third = await three.asked();
    await removeAction(stage.world, operator, { action: three.actionId }, noon);
    expect(await three.confirm(third)).toMatchObject({ code: 'not-found' });
    await sweep(noon + 2000);
    expect(calls).toEqual([]);
  });
});

describe('at most once', () => {
  it('ten presses of the same confirmation, and two people who confirm at the same time, are one call', async () => {
    const { world } = stage;
    const { group } = await addGroup(world, 'Night');
    const [ana, ben] = [
      (await addPerson(world, 'Ana', 'admin')).person,
      (await addPerson(world, 'Ben', 'admin')).person,
    ];
    const alert = await addAlert(world, await addRule(world, group.id));
    const input = { name: 'race', params: { url: `${url}/x` }, topic: '**' };
    const made = await declareAction(world, actionBook, operator, input, noon);
    if (!made.ok) throw new Error(made.text);
    const wanted = { actionId: made.action.id, alertId: alert.id, chatId, pressId: 'same' };
    const [first, second] = await Promise.all(
      [ana, ben].map((one) => pressAction(world, actionBook, asActor(one), wanted, noon)),
    );
    if (!first!.ok || !second!.ok) throw new Error('refused');
    const presses = Array.from({ length: 10 }, (_, i) => {
      const [who, act] = i % 2 === 0 ? [ana, first!.act] : [ben, second!.act];
      return confirmAction(world, asActor(who!), { actId: act.id, chatId, yes: true }, noon + 1000);
    });
    const results = await Promise.all(presses);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    await Promise.all(Array.from({ length: 4 }, () => sweep(noon + 1000)));
    await sweep(noon + 90_000);
    expect(calls).toHaveLength(1);
    const anaWon = results.findIndex(({ ok }) => ok) % 2 === 0;
    const loser = anaWon ? second!.act : first!.act;
    const late = await confirmAction(
      world,
      asActor(anaWon ? ben! : ana!),
      { actId: loser.id, chatId, yes: true },
      noon + 3000,
    );
    expect(late).toMatchObject({ code: 'conflict', text: expect.stringMatching(/^(Ana|Ben) did this/) });
  });

  it('without a question, a double press is one call', async () => {
    const { press } = await scene({ confirm: false });
    const results = await Promise.all([press(), press(), press()]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    await sweep(noon);
    expect(await press(undefined, noon + 2000)).toMatchObject({ code: 'conflict' });
    expect(calls).toHaveLength(1);
    expect(await press(undefined, noon + 20_000)).toMatchObject({ ok: true });
  });

  it('the same press, handled again long after because the process died, is answered with what it did', async () => {
    const { press, alert } = await scene({ confirm: false });
    const first = await press(undefined, noon, 'query-1');
    await sweep(noon);
    const again = await press(undefined, noon + 20_000, 'query-1');
    await sweep(noon + 20_000);
    expect(calls.filter(({ body }) => body.includes(alert.id))).toHaveLength(1);
    expect(again).toMatchObject({ ok: true, act: { id: first.ok && first.act.id, status: 'done' } });
    // Another person's press is never taken for it.
    const { person } = await addPerson(stage.world, 'Ben', 'owner');
    expect(await press(asActor(person), noon + 30_000, 'query-1')).toMatchObject({ act: { by: 'Ben' } });
  });

  it('killed between the intent and the answer: unknown, said so, never repeated by itself', async () => {
    const { world, alert, asked, confirm, press } = await scene();
    const id = await asked();
    await confirm(id);
    // The process dies right after the other side has it: nothing of what follows is written.
    const dying = actWork({
      world,
      clock: () => noon + 1000,
      outbound: async (...asking) => {
        await outbound(...asking);
        throw Object.assign(new Error('killed'), { killed: true });
      },
    });
    const db = world.database.db;
    const real = db.transaction.bind(db);
    let begun = 0;
    db.transaction = (async (...given: Parameters<typeof real>) => {
      // The first looks for what was abandoned; the second would write the end.
      if (++begun > 1) throw new Error('killed');
      return real(...given);
    }) as typeof db.transaction;
    await expect(dying.act(id, noon + 1000)).rejects.toThrow('killed');
    db.transaction = real as typeof db.transaction;
    expect(await actNow(id)).toMatchObject({ status: 'calling' });
    expect(await press()).toMatchObject({
      code: 'conflict',
      text: expect.stringContaining('there is no answer yet'),
    });
    await sweep(noon + 30_000);
    expect((await actNow(id)).status).toBe('calling');
    await sweep(noon + 62_000);
    expect(await actNow(id)).toMatchObject({ status: 'unknown', attempts: 1 });
    expect((await acted(alert))?.text).toBe(
      'Restart: nobody knows whether it was done, we were interrupted before the answer',
    );
    await sweep(noon + 3_600_000);
    expect(calls.filter((call) => call.id === id)).toHaveLength(1);
    // A human may want it again, knowing that.
    const again = await press(undefined, noon + 3_600_000);
    expect(again).toMatchObject({ ok: true, last: { status: 'unknown' } });
  });

  it.each([
    ['no answer', 'never', 'unknown'],
    ['a gateway that knows nothing', 'gateway', 'unknown'],
    ['a clear no', 'broken', 'failed'],
  ] as const)('%s is said, and not tried again', async (_name, what, status) => {
    answers = what;
    const { asked, confirm } = await scene();
    const id = await asked();
    await confirm(id);
    await sweep(noon + 1000);
    await sweep(noon + 600_000);
    expect(calls).toHaveLength(1);
    expect((await actNow(id)).status).toBe(status);
  });

  it('declared idempotent, it is tried again with the same id, and not for ever', async () => {
    answers = 'gateway';
    const { asked, confirm } = await scene({ idempotent: true });
    const id = await asked();
    await confirm(id);
    await sweep(noon + 1000);
    expect(await actNow(id)).toMatchObject({ status: 'confirmed', endedAt: null });
    for (let now = noon + 2000; now < noon + 3_600_000; now += 60_000) await sweep(now);
    expect(calls.map((call) => call.id)).toEqual([id, id, id, id]);
    expect((await actNow(id)).status).toBe('unknown');
  });
});

it('an address that may not be reached is not', async () => {
  const { asked, confirm } = await scene({ params: { url: 'http://169.254.169.254/latest/{subject}' } });
  const id = await asked();
  await confirm(id);
  await sweep(noon + 1000);
  expect(await actNow(id)).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('it may not be asked'),
  });
});

it('has a limit within the hour', async () => {
  const { asked, confirm, press } = await scene({ perHour: 2 });
  for (const at of [noon, noon + 10_000]) {
    await confirm(await asked(undefined, at), undefined, at + 1000);
    await sweep(at + 1000);
  }
  expect(await press(undefined, noon + 20_000)).toMatchObject({
    text: expect.stringContaining('that is its limit'),
  });
  expect(await press(undefined, noon + 3_700_000)).toMatchObject({ ok: true });
});

it.each([
  ['pressed', false],
  ['confirmed', true],
])('has a limit within the hour, also when %s for many alerts at the same time', async (_how, confirm) => {
  const { world, actor, person, actionId } = await scene({ perHour: 2, confirm });
  const rule = await addRule(world, person.id);
  const alerts = [];
  for (let i = 0; i < 6; i++) alerts.push(await addAlert(world, rule));
  const pressed = await Promise.all(
    alerts.map(({ id: alertId }) =>
      pressAction(world, actionBook, actor, { actionId, alertId, chatId, pressId: alertId }, noon),
    ),
  );
  const results = confirm
    ? await Promise.all(
        pressed.map((one) =>
          confirmAction(world, actor, { actId: one.ok ? one.act.id : '', chatId, yes: true }, noon),
        ),
      )
    : pressed;
  expect(results.filter(({ ok }) => ok)).toHaveLength(2);
});
