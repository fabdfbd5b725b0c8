// Somebody's name goes out of words, and only it: what others did, what waits to be sent and what is JSON stays whole.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { amendAudit, bindAudit, chainState } from '../../src/store/audit-chain.ts';
import { auditNaming, eraseWords, somebody } from '../../src/store/erasing.ts';
import { findPerson } from '../../src/store/people.ts';
import { acts } from '../../src/store/schema/actions.ts';
import { transitions } from '../../src/store/schema/alerts.ts';
import { audit } from '../../src/store/schema/audit.ts';
import { broadcastReceipts } from '../../src/store/schema/broadcasts.ts';
import { deliveries, notifications } from '../../src/store/schema/notifications.ts';
import { sealing } from '../harness/sealing.ts';
import { openStage, type Stage } from '../notify/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ limits: 'off' });
});
afterEach(() => stage.close());

/** The one who leaves is called so. */
async function leaves(name: string): Promise<void> {
  const { db, database } = stage;
  if (!(await findPerson(db, 'p_7001'))) await stage.person(7001);
  await database.sql`update people set name = ${name} where id = 'p_7001'`;
  const person = await findPerson(db, 'p_7001');
  await db.transaction((tx) => bindAudit(tx, sealing));
  await db.transaction((tx) => amendAudit(tx, sealing, auditNaming(person!), () => eraseWords(tx, person!)));
  // Whatever went: the trail is bound anew from there, and whole.
  expect((await chainState(db, sealing)).broken).toBeUndefined();
}

const noted = (actor: string, target: string, detail: object) =>
  stage.db.insert(audit).values({ at: 1, actor, verb: 'story', target, detail: detail as never });
const details = async () => (await stage.db.select().from(audit).orderBy(audit.id)).map((row) => row.detail);
const waiting = (kind: 'note' | 'broadcast' | 'summary', body: string, detail: string | null = null) =>
  stage.db.insert(notifications).values({
    kind,
    receiverId: 'v_2',
    severity: 'info',
    status: 'ready',
    body,
    detail,
    createdAt: 1,
  });
const telling = async () =>
  (await stage.db.select().from(notifications).orderBy(notifications.id)).map((row) => row.body);
const exchange = (value: object) => ({
  request: { method: 'POST', headers: { 'x-try': '1' }, body: JSON.stringify(value) },
  response: { status: 200, body: 'ok', ms: 3 },
});
const sent = (value: object) =>
  stage.db.insert(deliveries).values({
    notificationId: 1,
    attempt: 1,
    channel: 'webhook',
    address: 'somewhere',
    outcome: 'sent',
    marked: false,
    exchange: exchange(value),
    startedAt: 1,
  });

it.each(['e', ':', 'Al', '"', '1', 'true', '404', 'round', 'r"o', '\\', '.*'])(
  'a person called %s takes nothing of others along',
  async (name) => {
    const of = { round: 1, paused: true, name: 'Alerts rounded', nothing: null };
    await noted('person:p_2', 'r_1', of);
    await waiting('broadcast', '{"broadcast":"b_1","round":1,"things":["e"],"more":0}');
    await waiting('summary', '[1,404]', 'quiet-hours');
    await sent(of);
    await leaves(name);
    expect(await details()).toEqual([of]);
    expect(await telling()).toEqual(['{"broadcast":"b_1","round":1,"things":["e"],"more":0}', '[1,404]']);
    const [row] = await stage.db.select().from(deliveries);
    expect(row!.exchange).toEqual(exchange(of));
  },
);

it('what is about them loses its detail; where others name them, the name alone goes', async () => {
  await noted('person:p_7001', 'r_1', { label: 'mine' });
  await noted('person:p_2', 'p_7001', { to: 'admin' });
  await noted('person:p_2', 'g_1', { delegate: 'p_7001' });
  await noted('person:p_2', 'g_1', { delegate: 'p_70011', count: 17001 });
  await noted('clock', 'x_1', { act: 'c_1', by: 'Ben Zwick', attempts: 1 });
  await noted('person:p_2', 'a_1', { 'Ben Zwick': 1, note: 'see "Ben Zwick",\nBen Zwick or Ben Zwicker' });
  await waiting('note', 'Ben Zwick took it.');
  await sent({ title: 'Disk', by: 'Ben Zwick' });
  await leaves('Ben Zwick');
  expect(await details()).toEqual([
    null,
    null,
    null,
    { delegate: 'p_70011', count: 17001 },
    { act: 'c_1', by: somebody, attempts: 1 },
    { 'Ben Zwick': 1, note: `see "${somebody}",\n${somebody} or Ben Zwicker` },
  ]);
  expect(await telling()).toEqual([`${somebody} took it.`]);
  const [row] = await stage.db.select().from(deliveries);
  expect(row!.exchange).toEqual(exchange({ title: 'Disk', by: somebody }));
});

it.each(['Al', '7', '"', '\\', '🦊'])('as the one who did it, %s goes whatever the length', async (name) => {
  await noted('clock', 'x_1', { by: name, name });
  await sent({ by: name, name });
  await leaves(name);
  const [row] = await stage.db.select().from(deliveries);
  expect([(await details())[0], row!.exchange]).toMatchObject([
    { by: somebody },
    exchange({ by: somebody, name }),
  ]);
});

it.each(['🦊 Ben', 'Ben 🦊', '(Ben)', '¡Ben!', 'Ben 👩‍🔧', 'บีนี'])(
  '%s goes out of sentences, with its signs',
  async (name) => {
    await waiting('note', `Told by ${name}, and x${name}x.`);
    await noted('person:p_2', 'a_1', { note: `ask ${name}` });
    await stage.fire('/home', []);
    await stage.db.update(transitions).set({ note: `${name}: seen` });
    await leaves(name);
    expect(await telling()).toEqual([`Told by ${somebody}, and x${name}x.`]);
    expect(await details()).toEqual([{ note: `ask ${somebody}` }]);
    expect((await stage.db.select().from(transitions)).map(({ note }) => note)).toEqual([
      `${somebody}: seen`,
    ]);
  },
);

it('what they had done outside keeps no name: ended, it loses its body, open, it goes on without', async () => {
  const body = (by: string) => JSON.stringify({ type: 'action', by, data: { said: 'x","by":"y' } });
  const act = (id: string, byId: string, status: 'done' | 'calling' | 'confirmed', by: string) => ({
    id,
    byId,
    by,
    status,
    actionId: 'x_1',
    action: 'restart',
    title: 'Restart',
    alertId: 'a_1',
    chatId: 7001,
    request: { method: 'POST', url: 'https://ops.example.org/', body: body(by) },
    answer: { status: 200, body: `thank you, ${by}`, ms: 1 },
    askedAt: 1,
    expiresAt: 2,
  });
  await stage.db
    .insert(acts)
    .values([
      act('c_1', 'p_7001', 'done', 'Ben "Z" Wick'),
      act('c_2', 'p_7001', 'calling', 'Ben "Z" Wick'),
      act('c_3', 'p_7001', 'confirmed', 'as he was called before'),
      act('c_4', 'p_2', 'done', 'Ana'),
    ]);
  await leaves('Ben "Z" Wick');
  const rows = await stage.db.select().from(acts).orderBy(acts.id);
  expect(rows.map(({ request }) => request.body)).toEqual([
    null,
    body(somebody),
    body(somebody),
    body('Ana'),
  ]);
  expect(rows.map(({ answer }) => answer)).toMatchObject([
    { status: 200, body: '' },
    {},
    {},
    { body: 'thank you, Ana' },
  ]);
});

it('a group’s receipt keeps that it was seen, and by whom else', async () => {
  const receipt = (ownerId: string, seenBy: string[]) => ({ broadcastId: 'b_1', ownerId, seenBy });
  await stage.db
    .insert(broadcastReceipts)
    .values([receipt('g_1', ['Ana', 'Al', 'Alma']), receipt('g_2', ['Alma']), receipt('g_3', [])]);
  await leaves('Al');
  const rows = await stage.db.select().from(broadcastReceipts).orderBy(broadcastReceipts.ownerId);
  expect(rows.map(({ seenBy }) => seenBy)).toEqual([['Ana', somebody, 'Alma'], ['Alma'], []]);
});
