// Groups: who may bring the bot, who may do what, and that the group stays quiet.
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { leaveGroup } from '#operations/leave-group.ts';
import type { SandboxGroup, SandboxPerson } from '#sandbox/telegram/index.ts';
import { addButtons } from '#store/buttons.ts';
import { findAlert } from '#store/find-alerts.ts';
import { findGroupByChat, saveGroup } from '#store/groups.ts';
import { findPersonByTelegram } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { rulesOf } from '#store/rules.ts';
import { fire } from './burning.ts';
import { disks, openStage, type Stage } from './stage.ts';

let stage: Stage;
let next = 7300;
let ana: SandboxPerson;
let ben: SandboxPerson;
let team: SandboxGroup;
beforeAll(async () => {
  stage = await openStage();
  await stage.seen(disks);
});
beforeEach(async () => {
  ana = await stage.settled(next++, 'Ana');
  ben = await stage.settled(next++, 'Ben');
  team = stage.sandbox.group(-next++, 'Storage team');
  team.join(ana);
  team.join(ben);
  team.addBot(ana);
  await stage.settle();
});
afterEach(() => {
  expect(stage.errors).toEqual([]);
  expect(stage.refused()).toEqual([]);
});
afterAll(() => stage.end());

const groupNow = async () => (await findGroupByChat(stage.db, team.id))!;
const here = () => ({ chat: team.id });
const alertButton = async (action: string, alertId: string) => {
  const id = stage.world.token();
  await addButtons(stage.db, [
    { id, action, alertId, rev: 1, chatId: team.id, payload: null, expiresAt: stage.clock.now + 1e6 },
  ]);
  return { data: id };
};

it('greets, and knows the group and where to tell it', async () => {
  expect(stage.screen(team.id)).toContain('Hello. I tell Storage team when something goes wrong');
  const group = await groupNow();
  expect(group).toMatchObject({ title: 'Storage team', zone: 'Europe/Berlin', leftAt: null });
  expect(await receiversOf(stage.db, [group.id])).toMatchObject([
    { channel: 'telegram', address: String(team.id) },
  ]);
});

it('shows nobody’s private things in a group that is not known any more', async () => {
  const id = stage.world.token();
  await addButtons(stage.db, [
    {
      id,
      action: 'alerts',
      alertId: null,
      rev: null,
      chatId: team.id,
      payload: null,
      expiresAt: stage.clock.now + 1e6,
    },
  ]);
  const group = await groupNow();
  await saveGroup(stage.db, { ...group, leftAt: stage.clock.now });
  const before = stage.count(team.id);
  expect((await stage.press(ana, { data: id }, here())).text).toContain('old');
  expect(stage.count(team.id)).toBe(before);
});

it('a group that an admin switched off stays off, whoever speaks there, and says so', async () => {
  const off = { chatId: team.id, why: 'switched off', switchesOff: true };
  const operator = { is: 'operator', name: 'operator' } as const;
  expect(await leaveGroup(stage.world, operator, off, stage.clock.now)).toMatchObject({ ok: true });
  expect(await stage.say(ben, '/help', here())).toContain('An admin has switched me off for this group.');
  const before = stage.count(team.id);
  await stage.say(ben, '/help@another_bot', here());
  expect(stage.count(team.id)).toBe(before);
  expect((await groupNow()).leftAt).not.toBeNull();
});

it('leaves a group politely when a stranger brought it', async () => {
  const eve = stage.sandbox.person(666, { first_name: 'Eve' });
  const before = await stage.rows();
  const foreign = stage.sandbox.group(-666, 'Foreign');
  foreign.join(eve);
  foreign.addBot(eve);
  await stage.settle();
  expect(stage.screen(-666)).toBe(
    'I only join groups of people who use me: first talk to me in private. Goodbye.',
  );
  expect(
    stage.sandbox.ledger.some(({ method, chatId, ok }) => method === 'leaveChat' && chatId === -666 && ok),
  ).toBe(true);
  expect(await stage.rows()).toEqual(before);
});

it('an admin of the chat makes a rule for the group, a member cannot', async () => {
  expect(await stage.say(ben, '/watch disk.usage usage > 95', here())).toContain(
    'Only admins of the group can change its rules.',
  );
  expect(await stage.say(ana, '/watch@tocsin_bot disk.usage usage > 95', here())).toContain(
    'told in Storage team.',
  );
  expect(await rulesOf(stage.db, [(await groupNow()).id])).toMatchObject([{ params: { limit: 95 } }]);
  expect(await stage.say(ben, '/rules', here())).toContain('1. disk.usage over 95');
  await stage.go(ben, '1. disk', here());
  expect((await stage.press(ben, 'Pause', here())).text).toContain('Only admins of the group');
  expect((await stage.press(ana, 'Pause', here())).text).toContain('Paused.');
});

it('the wizard belongs to who opened it, and takes a typed answer by reply', async () => {
  await stage.say(ana, '/subscribe disk.usage', here());
  expect((await stage.press(ben, 'usage', here())).text).toContain('belongs to somebody else');
  expect(stage.screen(team.id)).toContain('What about it shall I tell you?');
  await stage.press(ana, 'usage', here());
  await stage.press(ana, 'other', here());
  expect(stage.screen(team.id)).toContain('Answer by replying to this message.');
  const wizard = ana.last(team.id)!.message_id;
  await stage.say(ana, 'much', { ...here(), replyTo: wizard });
  // What was wrong stands below, and a reply to either message is an answer.
  const below = ana.last(team.id)!.message_id;
  expect(below).toBeGreaterThan(wizard + 1);
  await stage.say(ana, 'very much', { ...here(), replyTo: wizard });
  expect(ana.last(team.id)!.message_id).toBeGreaterThan(below + 1);
  await stage.say(ana, '77', { ...here(), replyTo: below });
  expect(stage.screen(team.id)).toContain('Tell: usage over 77');
  // Afterwards something else is asked, and a late reply to what asked for the limit is no answer to that.
  const [stands, said] = [stage.screen(team.id), stage.count(team.id)];
  for (const replyTo of [wizard, below]) await stage.say(ana, '5m', { ...here(), replyTo });
  expect([stage.screen(team.id), stage.count(team.id)]).toEqual([stands, said]);
  await stage.press(ana, 'same', here());
  expect(stage.screen(team.id)).toContain('[ Everybody in Storage team ] [ Only me ]');
  for (const label of ['Everybody', 'Change', 'Severity', 'info', 'Save'])
    await stage.press(ana, label, here());
  expect(await rulesOf(stage.db, [(await groupNow()).id])).toMatchObject([
    { params: { limit: 77 }, severity: 'info' },
  ]);
});

it('a reply with a slash answers the question in the group; what replies to nothing, or is a command, does not', async () => {
  await stage.say(ana, '/subscribe disk.usage', here());
  for (const label of ['usage', 'other']) await stage.press(ana, label, here());
  const asked = ana.last(team.id)!.message_id;
  const before = stage.count(team.id);
  await stage.say(ana, '/home', here());
  await stage.say(ben, '/home', { ...here(), replyTo: asked });
  await stage.say(ana, '/home@another_bot', { ...here(), replyTo: asked });
  expect(stage.count(team.id)).toBe(before);
  const said = await stage.say(ana, '/home', { ...here(), replyTo: asked });
  expect(stage.count(team.id)).toBe(before + 1);
  expect(said).toContain('Answer by replying to this message.');
  expect(await stage.say(ana, '/rules', { ...here(), replyTo: asked })).not.toContain('Answer by replying');
});

it('a member’s wizard in the group is for themself', async () => {
  await stage.say(ben, '/subscribe disk.usage', here());
  for (const label of ['usage', '90', 'same']) await stage.press(ben, label, here());
  expect(stage.screen(team.id)).toContain('told to you in our private chat.');
  await stage.press(ben, 'Save', here());
  const person = await findPersonByTelegram(stage.db, ben.id);
  expect(await rulesOf(stage.db, [person!.id])).toHaveLength(1);
});

it('two people run a wizard in one group side by side', async () => {
  await stage.say(ana, '/subscribe disk.usage', here());
  const hers = ana.last(team.id)!.message_id;
  await stage.say(ben, '/subscribe disk.usage', here());
  const his = ana.last(team.id)!.message_id;
  expect((await stage.press(ben, 'usage', { ...here(), messageId: hers })).text).toContain(
    'belongs to somebody else',
  );
  await stage.press(ana, 'usage', { ...here(), messageId: hers });
  await stage.press(ben, 'state changes', { ...here(), messageId: his });
  const text = (id: number) => stage.sandbox.messages(team.id).find((one) => one.message_id === id)!.text;
  expect(text(hers)).toContain('Tell you when usage is above');
  expect(text(his)).toContain('When state changes: what was it before?');
});

it('everybody known acknowledges under their own name; strangers and masks do not', async () => {
  const alert = await fire(stage, team.id);
  const eve = stage.sandbox.person(667, { first_name: 'Eve' });
  team.join(eve);
  const ack = await alertButton('acknowledge', alert.id);
  expect((await stage.press(eve, ack, here())).text).toContain('I only talk to people who were invited.');
  const mask = stage.sandbox.person(1087968824, { first_name: 'Group' });
  team.join(mask);
  expect((await stage.press(mask, ack, here())).text).toContain('write under your own name');
  expect((await findAlert(stage.db, alert.id))?.status).toBe('firing');
  expect((await stage.press(ben, ack, here())).text).toBe('Acknowledged. Thank you.');
  expect((await findAlert(stage.db, alert.id))?.acknowledgedBy).toBe('Ben');
});

it('twenty people press at once: one did it, the others hear who', async () => {
  const alert = await fire(stage, team.id);
  const crowd: SandboxPerson[] = [];
  for (let i = 0; i < 20; i++) crowd.push(await stage.person(8000 + next * 100 + i, `P${i}`));
  for (const one of crowd) team.join(one);
  await stage.settle();
  const ack = await alertButton('acknowledge', alert.id);
  const answers = crowd.map((one) => one.press(ack, here()));
  for (const answer of answers) answer.catch(() => {});
  // All at the same time, as workers would if the order per chat were lost.
  await Promise.all((await stage.take()).map((update) => stage.bot.handle(update, stage.clock.now)));
  const texts = (await Promise.all(answers)).map(({ text }) => text);
  expect(texts.filter((text) => text === 'Acknowledged. Thank you.')).toHaveLength(1);
  expect(texts.filter((text) => /^P\d+ acknowledged this just now\.$/.test(text ?? ''))).toHaveLength(19);
}, 60_000);

it('personal things move to the private chat, chatter is left alone', async () => {
  const before = stage.count(team.id);
  await stage.say(ana, '/settings', here());
  expect((await stage.press(ana, 'My own settings', here())).url).toBe(
    'https://t.me/tocsin_bot?start=settings',
  );
  await stage.say(ana, '/nonsense', here());
  await stage.say(ana, '/rules@another_bot', here());
  await stage.say(ana, 'lunch?', here());
  expect(stage.count(team.id)).toBe(before + 1);
  expect(await stage.say(ana, '/start@tocsin_bot', here())).toContain('That works in our private chat.');
});

it('follows the group when it becomes a supergroup, and keeps its rules', async () => {
  await stage.say(ana, '/watch disk.usage usage > 95', here());
  const group = await groupNow();
  const to = team.migrate();
  await stage.settle();
  expect((await findGroupByChat(stage.db, to))?.id).toBe(group.id);
  expect(await receiversOf(stage.db, [group.id])).toMatchObject([{ address: String(to), disabled: null }]);
  expect(await stage.say(ana, '/rules', { chat: to })).toContain('1. disk.usage over 95');
});

it('is silent after it was thrown out, and remembers when it comes back', async () => {
  await stage.say(ana, '/watch disk.usage usage > 95', here());
  team.kickBot(ana);
  await stage.settle();
  const group = await groupNow();
  expect(group.leftAt).not.toBeNull();
  expect(await receiversOf(stage.db, [group.id])).toMatchObject([{ disabled: 'kicked' }]);
  team.addBot(ana);
  await stage.settle();
  expect(await receiversOf(stage.db, [group.id])).toMatchObject([{ disabled: null }]);
  expect(await stage.say(ana, '/rules', here())).toContain('usage over 95');
});

it('a blocked private chat is switched off, and on again', async () => {
  const person = await findPersonByTelegram(stage.db, ben.id);
  ben.block();
  await stage.settle();
  expect(await receiversOf(stage.db, [person!.id])).toMatchObject([{ disabled: 'blocked' }]);
  ben.unblock();
  await stage.settle();
  expect(await receiversOf(stage.db, [person!.id])).toMatchObject([{ disabled: null }]);
});

it('publishes the menus of private chats and groups', async () => {
  await stage.bot.publish();
  const menus = stage.sandbox.ledger.filter(({ method, ok }) => method === 'setMyCommands' && ok);
  expect(menus).toHaveLength(2);
  expect(JSON.stringify(menus[1]?.params)).not.toContain('invite');
});
