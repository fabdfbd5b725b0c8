// Groups come, go and move; settings and silences are kept as they were meant.
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { disableReceiver } from '#operations/disable-receiver.ts';
import { enableReceiver } from '#operations/enable-receiver.ts';
import { leaveGroup } from '#operations/leave-group.ts';
import { liftSilence } from '#operations/lift-silence.ts';
import { migrateGroup } from '#operations/migrate-group.ts';
import { registerGroup } from '#operations/register-group.ts';
import { setDigest } from '#operations/set-digest.ts';
import { setMorning } from '#operations/set-morning.ts';
import { setQuietHours } from '#operations/set-quiet-hours.ts';
import { setZone } from '#operations/set-zone.ts';
import { silenceAlerts } from '#operations/silence-alerts.ts';
import { switchAddress } from '#operations/switch-address.ts';
import { findGroupByChat } from '#store/groups.ts';
import { settingsOf } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { rulesOf } from '#store/rules.ts';
import { notifications } from '#store/schema/notifications.ts';
import { silencesFor } from '#store/silences.ts';
import {
  addGroup,
  addPerson,
  addRule,
  asActor,
  newNumber,
  noon,
  openStage,
  operator,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

const clock = { is: 'clock' } as const;

it('registers a chat once, however often and by however many it is asked', async () => {
  const { world } = stage;
  const ana = asActor((await addPerson(world, 'Ana')).person);
  const chatId = -newNumber();
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => registerGroup(world, ana, { chatId, title: 'Ops' }, noon)),
  );
  expect(outcomes.filter((outcome) => outcome.ok && outcome.isNew)).toHaveLength(1);
  const group = (await findGroupByChat(world.database.db, chatId))!;
  expect(await receiversOf(world.database.db, [group.id])).toMatchObject([
    { address: String(chatId), label: 'Ops' },
  ]);
  expect(await registerGroup(world, ana, { chatId: newNumber(), title: 'private' }, noon)).toMatchObject({
    code: 'invalid',
  });
});

it('switches a chat off when the bot is removed, and on again when it comes back', async () => {
  const { world } = stage;
  const { group, receiver } = await addGroup(world, 'Ops');
  expect(await leaveGroup(world, clock, { chatId: group.chatId, why: 'removed' }, noon)).toMatchObject({
    ok: true,
  });
  expect(await leaveGroup(world, clock, { chatId: group.chatId, why: 'removed' }, noon)).toMatchObject({
    code: 'conflict',
  });
  expect(await receiversOf(world.database.db, [group.id])).toMatchObject([{ disabled: 'removed' }]);
  const back = await registerGroup(world, operator, { chatId: group.chatId, title: 'Ops' }, noon);
  expect(back).toMatchObject({ ok: true, isNew: true, group: { id: group.id, leftAt: null } });
  expect(await receiversOf(world.database.db, [group.id])).toMatchObject([
    { id: receiver.id, disabled: null },
  ]);
});

it('a group that an admin switched off comes back by an admin alone, also after it moved', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { person } = await addPerson(world, 'Ana');
  const ana = asActor(person);
  const boss = asActor((await addPerson(world, 'Boss', 'admin')).person);
  const chatId = -newNumber();
  const made = await registerGroup(world, ana, { chatId, title: 'Ops' }, noon);
  const group = made.ok ? made.group : undefined!;
  const off = { chatId, why: 'switched off', switchesOff: true };
  expect(await leaveGroup(world, operator, off, noon)).toMatchObject({ ok: true });
  expect(await leaveGroup(world, operator, off, noon)).toMatchObject({ code: 'conflict' });
  const [told] = await db.select().from(notifications).where(sql`body like '%reach Ops%'`);
  expect(told!.body).toContain('an admin has switched me off for the group');
  const [own] = await receiversOf(db, [person.id]);
  const bringers = await db.select().from(notifications).where(eq(notifications.receiverId, own!.id));
  expect(bringers).toHaveLength(1);
  const to = -newNumber();
  expect(await migrateGroup(world, clock, { from: chatId, to }, noon)).toMatchObject({ ok: true });
  const said = { chatId: to, title: 'Ops' };
  for (const [actor, spoken] of [
    [ana, true],
    [ana, false],
    [boss, true],
  ] as const)
    expect(await registerGroup(world, actor, { ...said, spoken }, noon)).toMatchObject({ code: 'conflict' });
  expect(await findGroupByChat(db, to)).toMatchObject({ id: group.id, leftAt: noon });
  expect(await receiversOf(db, [group.id])).toMatchObject([{ disabled: 'switched off' }]);
  expect(await registerGroup(world, boss, said, noon)).toMatchObject({ ok: true, isNew: true });
  expect(await receiversOf(db, [group.id])).toMatchObject([{ disabled: null }]);
  expect(await registerGroup(world, ana, { ...said, title: 'Ops 2' }, noon)).toMatchObject({ ok: true });
});

it('of a group that is off, no receiver is switched on; who may is told what brings it back', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { group, receiver } = await addGroup(world, 'Ops');
  const boss = asActor((await addPerson(world, 'Boss', 'admin')).person);
  const on = () => enableReceiver(world, boss, { receiverId: receiver.id }, noon);
  const isOff = async () => expect(await receiversOf(db, [group.id])).not.toMatchObject([{ disabled: null }]);
  await leaveGroup(world, clock, { chatId: group.chatId, why: 'kicked' }, noon);
  expect(await on()).toMatchObject({ code: 'conflict', text: expect.stringContaining('adds me there') });
  await isOff();
  await leaveGroup(world, operator, { chatId: group.chatId, why: 'switched off', switchesOff: true }, noon);
  expect(await on()).toMatchObject({ code: 'conflict', text: expect.stringContaining('Only an admin') });
  await isOff();
  const added = { chatId: group.chatId, title: 'Ops' };
  expect(await registerGroup(world, boss, added, noon)).toMatchObject({ ok: true });
  expect(await receiversOf(db, [group.id])).toMatchObject([{ disabled: null }]);
  expect(await on()).toMatchObject({ ok: true });
});

it('what somebody switched off by hand stays off, whatever becomes of its chat', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { group, receiver } = await addGroup(world, 'Ops');
  const { person } = await addPerson(world, 'Ana');
  const [own] = await receiversOf(db, [person.id]);
  for (const { id } of [receiver, own!])
    expect(await disableReceiver(world, operator, { receiverId: id }, noon)).toMatchObject({ ok: true });
  const off = async (ownerId: string) =>
    expect(await receiversOf(db, [ownerId])).toMatchObject([{ disabled: 'switched off by its owner' }]);
  for (const why of ['blocked', null])
    await switchAddress(world, clock, { channel: 'telegram', address: own!.address, off: why }, noon);
  await off(person.id);
  const renamed = { chatId: group.chatId, title: 'Operations' };
  expect(await registerGroup(world, operator, renamed, noon)).toMatchObject({ ok: true, isNew: false });
  await off(group.id);
  const to = -newNumber();
  expect(await migrateGroup(world, clock, { from: group.chatId, to }, noon)).toMatchObject({ ok: true });
  expect(await receiversOf(db, [group.id])).toMatchObject([{ address: String(to), label: 'Operations' }]);
  await off(group.id);
});

it('a chat that refused a message is told again when the bot is added, though nobody said that it had left', async () => {
  const { world } = stage;
  const { group, receiver } = await addGroup(world, 'Ops');
  const address = String(group.chatId);
  await switchAddress(world, clock, { channel: 'telegram', address, off: 'kicked' }, noon);
  const added = await registerGroup(world, operator, { chatId: group.chatId, title: 'Ops' }, noon);
  expect(added).toMatchObject({ ok: true, isNew: false });
  expect(await receiversOf(world.database.db, [group.id])).toMatchObject([
    { id: receiver.id, disabled: null },
  ]);
});

it('follows a chat to its new id, told twice', async () => {
  const { world } = stage;
  const { group, receiver } = await addGroup(world, 'Ops');
  const to = -newNumber();
  const outcomes = await Promise.all(
    [1, 2].map(() => migrateGroup(world, clock, { from: group.chatId, to }, noon)),
  );
  expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
  expect(await findGroupByChat(world.database.db, to)).toMatchObject({ id: group.id });
  expect(await receiversOf(world.database.db, [group.id])).toMatchObject([
    { id: receiver.id, address: String(to) },
  ]);
  expect(await migrateGroup(world, clock, { from: -newNumber(), to: -newNumber() }, noon)).toMatchObject({
    code: 'not-found',
  });
});

it('moves into a chat that was made known as a new group a moment before', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { group, receiver } = await addGroup(world, 'Ops');
  const rule = await addRule(world, group.id);
  // The bot is seen in the supergroup before Telegram says that it is the old group.
  const { group: twin } = await addGroup(world, 'Ops');
  const moved = await migrateGroup(world, clock, { from: group.chatId, to: twin.chatId }, noon);
  expect(moved).toMatchObject({ ok: true, group: { id: group.id, chatId: twin.chatId } });
  expect(await findGroupByChat(db, twin.chatId)).toMatchObject({ id: group.id, leftAt: null });
  expect(await receiversOf(db, [group.id])).toMatchObject([
    { id: receiver.id, address: String(twin.chatId), disabled: null },
  ]);
  expect(await receiversOf(db, [twin.id])).toEqual([]);
  expect(await rulesOf(db, [group.id])).toMatchObject([{ id: rule.id }]);
});

it('does not throw away a group that has rules of its own', async () => {
  const { world } = stage;
  const { group } = await addGroup(world, 'Ops');
  const { group: other } = await addGroup(world, 'Others');
  await addRule(world, other.id);
  expect(await migrateGroup(world, clock, { from: group.chatId, to: other.chatId }, noon)).toMatchObject({
    code: 'conflict',
  });
  expect(await findGroupByChat(world.database.db, other.chatId)).toMatchObject({ id: other.id });
});

it('keeps settings that make sense, and no others', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ana');
  const ana = asActor(person);
  const ownerId = person.id;
  const quiet = { window: { from: 1320, to: 420, days: [5, 1, 5] }, breakthrough: 'critical' as const };
  expect(await setQuietHours(world, ana, { ownerId, quiet }, noon)).toMatchObject({
    settings: { quiet: { window: { from: 1320, to: 420, days: [1, 5] }, breakthrough: 'critical' } },
  });
  for (const window of [
    { from: 60, to: 60 },
    { from: -1, to: 5 },
    { from: 0, to: 1440 },
    { from: 1, to: 2, days: [8] },
  ])
    expect(
      await setQuietHours(world, ana, { ownerId, quiet: { window, breakthrough: null } }, noon),
    ).toMatchObject({
      code: 'invalid',
    });
  expect(await setZone(world, ana, { ownerId, zone: 'Asia/Tokyo' }, noon)).toMatchObject({ ok: true });
  expect(await setZone(world, ana, { ownerId, zone: 'Middle/Earth' }, noon)).toMatchObject({
    code: 'invalid',
  });
  expect(await setMorning(world, ana, { ownerId, morning: 24 * 60 }, noon)).toMatchObject({
    code: 'invalid',
  });
  expect(await settingsOf(world.database.db, ownerId)).toMatchObject({
    zone: 'Asia/Tokyo',
    name: 'Ana',
    morning: 540,
  });
  expect(await setQuietHours(world, ana, { ownerId, quiet: null }, noon)).toMatchObject({
    settings: { quiet: null },
  });
});

it('mutes for a time, and lifts once', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ana');
  const ana = asActor(person);
  const rule = await addRule(world, person.id);
  const input = { ownerId: person.id, topic: 'disk.**', match: ['host = "cad1"'], for: 60_000 };
  expect(await silenceAlerts(world, ana, input, noon)).toMatchObject({ ok: true });
  const made = await silenceAlerts(world, ana, { ruleId: rule.id, for: 3_600_000 }, noon);
  if (!made.ok) throw new Error(made.text);
  const held = async (now: number) => (await silencesFor(world.database.db, [person.id], now)).length;
  expect([await held(noon), await held(noon + 59_999), await held(noon + 60_000)]).toEqual([2, 2, 1]);
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => liftSilence(world, ana, { silenceId: made.silence.id }, noon + 1)),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await held(noon + 60_000)).toBe(0);
  for (const bad of [
    { for: 5 },
    { topic: 'a..b' },
    { match: ['nonsense'] },
    { for: Number.POSITIVE_INFINITY },
  ])
    expect(await silenceAlerts(world, ana, { ...input, ...bad }, noon)).toMatchObject({ code: 'invalid' });
});

it('a digest that is refused lets nothing wait for it', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { person } = await addPerson(world, 'Ana');
  const ana = asActor(person);
  const set = (input: object) => setDigest(world, ana, { ownerId: person.id, only: true, ...input }, noon);
  const style = async () => (await receiversOf(db, [person.id]))[0]!.style;
  for (const wrong of [
    { cron: 'each morning' },
    { cron: '0 9 * * *', zone: 'Mars/Base' },
    { cron: '0 0 30 2 *' },
  ]) {
    expect(await set(wrong)).toMatchObject({ code: 'invalid' });
    expect(await style()).toEqual({});
  }
  expect(await set({ cron: '0 9 * * *' })).toMatchObject({ ok: true });
  expect(await style()).toEqual({ digest: true });
  expect(await setDigest(world, ana, { ownerId: person.id, cron: null }, noon)).toMatchObject({ ok: true });
  expect(await style()).toEqual({});
});
