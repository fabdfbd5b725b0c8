// Groups over HTTP, with a key of the scope `admin`: known, shown with what is theirs, set up, and left.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countOpen } from '#store/alert-lists.ts';
import { auditTrail } from '#store/audit.ts';
import { alerts } from '#store/schema/alerts.ts';
import { deliveries } from '#store/schema/notifications.ts';
import { addAlert, addGroup, addRule } from '../operations/stage.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let id = '';
let chat = '';
beforeAll(async () => {
  door = await openDoor();
  const { group } = await addGroup(door.world, 'Ops');
  id = group.id;
  chat = `telegram:${group.chatId}`;
  await addRule(door.world, id, { name: 'Disk nearly full' });
});
afterAll(() => door.close());

async function ask(method: string, path: string, body?: unknown) {
  const response = await door.app.request(path, {
    method,
    headers: { authorization: `Bearer ${bootstrap}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  return { status: response.status, json: (await response.json()) as any };
}

it('are listed, and one is shown with its receivers and how much is its own', async () => {
  expect((await ask('GET', '/v1/groups')).json.groups).toMatchObject([
    { id, owner: chat, title: 'Ops', zone: 'Europe/Berlin', morning: '9:00', quiet: null, leftAt: null },
  ]);
  for (const name of [id, chat])
    expect((await ask('GET', `/v1/groups/${name}`)).json).toMatchObject({
      id,
      receivers: [{ channel: 'telegram', label: 'Ops', state: 'works' }],
      rules: 1,
      openAlerts: 0,
      silences: 0,
    });
});

it('their clock, morning, quiet hours and care are set, and what is shown is taken', async () => {
  const said = {
    zone: 'Asia/Tokyo',
    morning: '8:30',
    quiet: { hours: 'Mon-Fri 22:00-07:00', breakthrough: 'critical' },
    care: { remind: { every: '30m', most: 3 } },
  };
  expect(await ask('PATCH', `/v1/groups/${chat}`, said)).toMatchObject({ status: 200, json: said });
  const { zone, morning, quiet, care } = (await ask('GET', `/v1/groups/${id}`)).json;
  expect((await ask('PATCH', `/v1/groups/${id}`, { zone, morning, quiet, care })).json).toMatchObject(said);
  expect((await ask('PATCH', `/v1/groups/${id}`, { quiet: null, care: null })).json).toMatchObject({
    quiet: null,
    care: null,
    zone: 'Asia/Tokyo',
  });
});

it('become known, get another title, and are left', async () => {
  const made = await ask('POST', '/v1/groups', { chat: 'telegram:-100777', title: 'Builds' });
  expect(made).toMatchObject({ status: 201, json: { owner: 'telegram:-100777', title: 'Builds' } });
  const again = await ask('POST', '/v1/groups', { chat: 'telegram:-100777', title: 'All builds' });
  expect(again).toMatchObject({ status: 200, json: { id: made.json.id, title: 'All builds' } });
  expect((await ask('DELETE', '/v1/groups/telegram:-100777')).status).toBe(200);
  expect((await ask('GET', '/v1/groups')).json.groups).toHaveLength(1);
  const left = (await ask('GET', '/v1/groups/telegram:-100777')).json;
  expect(left).toMatchObject({ leftAt: '2026-05-04T12:00:00.000Z', receivers: [{ state: 'off' }] });
  expect((await ask('DELETE', '/v1/groups/telegram:-100777')).status).toBe(409);
});

it('hours up to midnight are taken, and the trail keeps one record with the days', async () => {
  const quiet = { hours: 'Sat-Sun 22:00-24:00', breakthrough: 'critical' };
  expect(await ask('PATCH', `/v1/groups/${id}`, { morning: '8:00', quiet })).toMatchObject({
    status: 200,
    json: { morning: '8:00', quiet: { hours: 'Sat-Sun 22:00-00:00' } },
  });
  const [noted] = await auditTrail(door.database.db, { target: id });
  expect(noted).toMatchObject({
    verb: 'set-settings',
    detail: { morning: '8:00', quiet: 'Sat-Sun 22:00-00:00, but critical' },
  });
  expect((await ask('PATCH', `/v1/groups/${id}`, {})).status).toBe(200);
});

it('every alert that burns is counted, for each group its own', async () => {
  const { world } = door;
  const { group: loud } = await addGroup(world, 'Loud');
  const { group: other } = await addGroup(world, 'Other');
  const rule = await addRule(world, loud.id, { name: 'Loud' });
  const [one] = [await addAlert(world, rule, door.clock.now)];
  await door.database.db
    .insert(alerts)
    .values(Array.from({ length: 1_000 }, (_, i) => ({ ...one!, id: `a_loud${i}`, key: `k${i}` })));
  await addAlert(world, await addRule(world, other.id, { name: 'Disk', severity: 'info' }), door.clock.now);
  expect((await ask('GET', `/v1/groups/${loud.id}`)).json.openAlerts).toBe(1_001);
  expect(await countOpen(door.database.db, [loud.id, other.id])).toEqual(
    new Map([
      [loud.id, 1_001],
      [other.id, 1],
    ]),
  );
  for (const { id } of [loud, other]) await ask('DELETE', `/v1/groups/${id}`);
});

it.each([
  [{ zone: 'Mars/Base' }, 'zone'],
  [{ morning: '25:00' }, 'morning'],
  [{ quiet: { hours: '22:00-07:00; Sat-Sun' } }, 'quiet.hours'],
  [{ quiet: { hours: '22:00-07:00', breakthrough: 'loud' } }, 'quiet.breakthrough'],
  [{ care: { remind: { every: '1s' } } }, 'care.remind.every'],
  [{ care: { remind: { every: '1h', most: 2 } }, quiet: { hours: 'Sat-Sun' } }, 'quiet.hours'],
  [{ care: null, quiet: { hours: '00:00-24:00' } }, 'quiet.hours'],
  [{ care: { escalate: [{ after: '15m', to: ['Nobody'] }] } }, 'care.escalate.0.to.0'],
  [{ title: 'Ops' }, 'title'],
])('%j is refused by the name of what is wrong, and nothing is set', async (body, path) => {
  const before = (await ask('GET', `/v1/groups/${id}`)).json;
  const answer = await ask('PATCH', `/v1/groups/${id}`, { morning: '7:00', ...body });
  expect(answer).toMatchObject({ status: 422, json: { errors: [{ path }] } });
  expect((await ask('GET', `/v1/groups/${id}`)).json).toEqual(before);
});

it.each(['telegram:-0', 'telegram:-9999999999999999', 'telegram:-012', 'telegram:7001'])(
  '%s is no chat, by the path of it',
  async (chat) => {
    expect(await ask('POST', '/v1/groups', { chat, title: 'Ops' })).toMatchObject({
      status: 422,
      json: { errors: [{ path: 'chat' }] },
    });
  },
);

it('what only a key made known is not proven before something stands there', async () => {
  const made = await ask('POST', '/v1/groups', { chat: 'telegram:-100778', title: 'Builds' });
  expect(made.json.proven).toBe(false);
  const at = { notificationId: 1, attempt: 1, channel: 'telegram', address: '-100778', marked: false };
  await door.database.db
    .insert(deliveries)
    .values({ ...at, outcome: 'sent', messageId: '5', startedAt: door.clock.now });
  const listed = (await ask('GET', '/v1/groups')).json.groups as { owner: string; proven: boolean }[];
  expect(listed.find(({ owner }) => owner === 'telegram:-100778')!.proven).toBe(true);
  // Switched off, it comes back by a key.
  expect((await ask('DELETE', '/v1/groups/telegram:-100778')).status).toBe(200);
  const back = await ask('POST', '/v1/groups', { chat: 'telegram:-100778', title: 'Builds' });
  expect(back).toMatchObject({ status: 201, json: { leftAt: null } });
});

it('nobody is no group', async () => {
  for (const method of ['GET', 'PATCH', 'DELETE'])
    expect((await ask(method, '/v1/groups/telegram:-5', method === 'PATCH' ? {} : undefined)).status).toBe(
      404,
    );
  expect((await ask('POST', '/v1/groups', { chat: 'telegram:7001', title: '' })).json.errors).toMatchObject([
    { path: 'chat' },
    { path: 'title' },
  ]);
  expect((await ask('PUT', '/v1/groups')).status).toBe(405);
});
