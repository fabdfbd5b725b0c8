// A dialogue that is interrupted: by commands, buttons, restarts, new versions and old screens.
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxPerson } from '#sandbox/telegram/index.ts';
import { addButtons } from '#store/buttons.ts';
import { findPersonByTelegram } from '#store/people.ts';
import { rulesOf } from '#store/rules.ts';
import { alerts } from '#store/schema/alerts.ts';
import { conversations } from '#store/schema/chat.ts';
import { fire } from './burning.ts';
import { disks, openStage, type Stage } from './stage.ts';

let stage: Stage;
let next = 7100;
let ana: SandboxPerson;
beforeAll(async () => {
  stage = await openStage();
  await stage.seen(disks);
});
beforeEach(async () => {
  ana = await stage.settled(next++, 'Ana');
  await stage.say(ana, '/subscribe disk.usage');
  await stage.go(ana, 'usage');
});
afterEach(() => expect(stage.errors).toEqual([]));
afterAll(() => stage.end());

const messageOf = (text: string) =>
  stage.sandbox
    .messages(ana.id)
    .filter((one) => one.fromBot && one.text.includes(text))
    .at(-1)!;
const rulesOfAna = async () => rulesOf(stage.db, [(await findPersonByTelegram(stage.db, ana.id))!.id]);

it('answers a command in the middle and goes on afterwards', async () => {
  const wizard = messageOf('Tell you when').message_id;
  const before = stage.count(ana.id);
  await stage.say(ana, '/alerts');
  const said = stage.sandbox
    .messages(ana.id)
    .filter((one) => one.fromBot)
    .slice(before);
  expect(said.map(({ text }) => text)).toEqual([
    expect.stringContaining('Nothing burns'),
    'The question above is still open; /cancel closes it.',
  ]);
  await stage.press(ana, '90', { messageId: wizard });
  expect(messageOf('At night').message_id).toBe(wizard);
  // Said once, not after every command; the next question may need it again.
  const reminders = () =>
    stage.sandbox.messages(ana.id).filter((one) => one.fromBot && one.text.includes('is still open')).length;
  await stage.say(ana, '/alerts');
  await stage.say(ana, '/rules');
  expect(reminders()).toBe(1);
  await stage.say(ana, '/subscribe disk.usage');
  await stage.say(ana, '/alerts');
  expect(reminders()).toBe(2);
});

it('lets the button of an alert through', async () => {
  const alert = await fire(stage, ana.id);
  const wizard = messageOf('Tell you when').message_id;
  await addButtons(stage.db, [
    {
      id: `ack-${ana.id}`,
      action: 'acknowledge',
      alertId: alert.id,
      rev: alert.rev,
      chatId: ana.id,
      payload: null,
      expiresAt: stage.clock.now + 1e6,
    },
  ]);
  expect((await stage.press(ana, { data: `ack-${ana.id}` })).text).toBe('Acknowledged. Thank you.');
  await stage.say(ana, '95');
  expect(messageOf('At night').message_id).toBe(wizard);
  const [row] = await stage.db.select().from(alerts);
  expect(row?.status).toBe('acknowledged');
});

it('closes by /cancel and by Cancel, in its own message', async () => {
  const wizard = messageOf('Tell you when').message_id;
  await stage.say(ana, '/cancel');
  expect(messageOf('Closed. Nothing was saved.').message_id).toBe(wizard);
  expect(await stage.say(ana, '/cancel')).toContain('Nothing is open.');
  await stage.say(ana, '/subscribe');
  expect(await stage.go(ana, 'Cancel')).toBe('Closed. Nothing was saved.');
  expect(await rulesOfAna()).toEqual([]);
});

it('a second /subscribe replaces the first, whose buttons then do nothing', async () => {
  const old = messageOf('Tell you when').message_id;
  await stage.say(ana, '/subscribe');
  const answer = await stage.press(ana, '90', { messageId: old });
  expect(answer.text).toContain('This question was closed.');
  expect(stage.screen(ana.id)).toContain('These topics are alive here.');
  await expect(ana.press('90', { messageId: old })).rejects.toThrow('no button');
});

it('goes on after a restart, also with a typed answer', async () => {
  stage.restart();
  await stage.go(ana, 'other');
  stage.restart();
  expect(await stage.say(ana, '88')).toContain('Tell: usage over 88');
  stage.restart();
  await stage.go(ana, 'same');
  stage.restart();
  await stage.go(ana, 'Save');
  expect(await rulesOfAna()).toMatchObject([{ params: { limit: 88 } }]);
});

it('handles an update twice without doing harm, as after a kill', async () => {
  const press = ana.press('90');
  const [update] = await stage.take();
  await stage.bot.handle(update!, stage.clock.now);
  await press;
  const screen = stage.screen(ana.id);
  await stage.bot.handle(update!, stage.clock.now);
  expect(stage.screen(ana.id)).toBe(screen);
});

it('saves one rule, however often Save arrives', async () => {
  for (const label of ['90', 'same']) await stage.go(ana, label);
  const kept = await stage.db
    .select()
    .from(conversations)
    .where(eq(conversations.key, `${ana.id}:${ana.id}`));
  expect(kept).toHaveLength(1);
  const press = ana.press('Save');
  const [update] = await stage.take();
  await stage.bot.handle(update!, stage.clock.now);
  await press;
  // Killed after the rule was committed, before the dialogue's end was: the inbox hands the update in again.
  await stage.db.insert(conversations).values(kept);
  await stage.bot.handle(update!, stage.clock.now);
  expect(await rulesOfAna()).toHaveLength(1);
  expect(stage.screen(ana.id)).toContain('Saved.');
});

it('answers a press on an earlier screen with the present one', async () => {
  const stale = messageOf('Tell you when').reply_markup as { inline_keyboard: { callback_data: string }[][] };
  await stage.go(ana, '90');
  const screen = stage.screen(ana.id);
  const answer = await stage.press(ana, { data: stale.inline_keyboard[0]![0]!.callback_data });
  expect(answer.text).toContain('earlier question');
  expect(stage.screen(ana.id)).toBe(screen);
  for (const data of ['w:99999:0', 'w:1:99', 'w:3:-1', 'w:x:y', 'w:', `w:${'9'.repeat(60)}`])
    expect((await stage.press(ana, { data })).text).toBeTruthy();
  expect(stage.screen(ana.id)).toBe(screen);
});

describe('a new version', () => {
  const renew = () =>
    stage.database.sql`update conversations set value = jsonb_set(value, '{version,1}', '0')`;

  it('tells who types', async () => {
    await renew();
    expect(await stage.say(ana, '90')).toContain('the question we were in was closed');
    expect(await stage.say(ana, '90')).toContain('I don’t understand plain text here.');
  });

  it('tells who presses, in the message that asked', async () => {
    await renew();
    const count = stage.count(ana.id);
    expect((await stage.press(ana, '90')).text).toContain('closed');
    expect(stage.screen(ana.id)).toContain('the question we were in was closed');
    expect(stage.count(ana.id)).toBe(count);
  });

  it('does not get in the way of a command', async () => {
    await renew();
    expect(await stage.say(ana, '/subscribe')).toContain('What shall I watch?');
  });
});

it('tells that a lost dialogue was closed', async () => {
  await stage.database.sql`delete from conversations`;
  expect((await stage.press(ana, '90')).text).toContain('This question was closed.');
  expect(stage.screen(ana.id)).not.toContain('[');
});
