// A group: Ana brings the bot, everybody who is known helps under their own name, and the group stays quiet.
import { expect } from 'vitest';
import { labels, type SandboxMessage } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage } });

/** Ana brings the bot, and makes a rule for all. */
async function gathers({ ana, ben, team, telegram, enrols, settle }: StoryWorld) {
  await enrols(ana);
  await enrols(ben);
  team.addBot(telegram.person(ana.id));
  await settle();
  const hello = ana.expects('Hello. I tell Team when something goes wrong', { in: team });
  expect(hello.text).toContain(
    'Everybody here who was invited can acknowledge; admins of this group make its rules',
  );
  expect(hello.text).toContain('/invite in our private chat makes one for each.');
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"', { in: team });
  ana.expects('Any disk.usage: usage over 90; told in Team.', { in: team });
}

/** What stands behind a button, for somebody whose screen has not been refreshed. */
function dataOf(message: SandboxMessage, label: string): { data: string } {
  const markup = message.reply_markup as { inline_keyboard: { text: string; callback_data: string }[][] };
  return { data: markup.inline_keyboard.flat().find(({ text }) => text === label)!.callback_data };
}

story('what somebody else muted here is shown before it is lifted', async (world) => {
  const { ana, ben, team, telegram } = world;
  await gathers(world);
  team.join(telegram.person(ben.id), { admin: true });
  await world.settle();
  await ana.says('/silence disk.usage 1h', { in: team });
  await ben.says('/silence off', { in: team });
  ben.expects('Shall it be lifted?', { in: team });
  await ben.presses('Lift it', { in: team });
  ben.expects('Lifted: disk.usage.', { in: team });
  await ana.says('/silence disk.usage 1h', { in: team });
  await ana.says('/silence off', { in: team });
  ana.expects('Lifted: disk.usage.', { in: team });
});

story('Ben acknowledges under his own name, and whoever comes second hears who did it', async (world) => {
  const { ana, ben, charlie, team } = world;
  await gathers(world);
  await world.post(disk(95));
  const told = ben.expects('🟠 Disk nearly full: /home', { in: team });
  const acknowledge = dataOf(told, 'Acknowledge');
  expect((await charlie.presses('Acknowledge', { in: team })).text).toContain(
    'I only talk to people who were invited.',
  );
  await world.advance('2m');
  expect((await ben.presses('Acknowledge', { in: team })).text).toBe('Acknowledged. Thank you.');
  await world.advance('3m');
  expect(ana.expects('Acknowledged by Ben', { in: team }).message_id).toBe(told.message_id);
  const second = await ana.presses(acknowledge, { in: team, messageId: told.message_id });
  expect(second.text).toBe('Ben acknowledged this 3 min ago.');
  await world.post(disk(40));
  expect(ana.expects('is over', { in: team }).text).toContain('Acknowledged by Ben.');
  ana.expectsNothing();
  ben.expectsNothing();
});

story('only who may press may press, and Why answers only the one who asked', async (world) => {
  const { ben, charlie, team } = world;
  await gathers(world);
  await world.post(disk(95));
  ben.expects('🟠 Disk nearly full: /home', { in: team });
  const why = await ben.presses('Why', { in: team });
  expect(why.show_alert).toBe(true);
  expect(why.text).toContain('Rule “Disk nearly full”.');
  ben.expectsNothing({ in: team });
  for (const label of ['Resolve', 'Snooze', 'Why'])
    expect((await charlie.presses(label, { in: team })).text).toContain('I only talk to people');
  charlie.expectsNothing({ in: team, edits: true });
});

story('admins of the group make and change its rules; the others are told so', async (world) => {
  const { ana, ben, team, telegram } = world;
  await gathers(world);
  await ben.says('/watch disk.usage usage > 50', { in: team });
  ben.expects('Only admins of the group can change its rules.', { in: team });
  await ben.says('/rules', { in: team });
  ben.expects('Disk nearly full', { in: team });
  await ben.presses('1. Disk nearly full', { in: team });
  expect((await ben.presses('Pause', { in: team })).text).toBe(
    'Only admins of the group can change its rules.',
  );
  team.join(telegram.person(ben.id), { admin: true });
  await world.advance('2m');
  expect((await ben.presses('Pause', { in: team })).text).toContain('Paused.');
  await world.post(disk(95));
  await world.advance('1h');
  ana.expectsNothing({ in: team });
  expect((await ben.presses('Resume', { in: team })).text).toBe('It is watching again.');
  await world.post(disk(96));
  ana.expects('🟠 Disk nearly full: /home', { in: team });
});

story('personal things move to the private chat, and chatter is left alone', async (world) => {
  const { ana, ben, charlie, team } = world;
  await gathers(world);
  await ben.says('/settings', { in: team });
  ben.expects('The clock of this group: Europe/Berlin', { in: team });
  expect((await ben.presses('My own settings', { in: team })).url).toBe(
    'https://t.me/tocsin_bot?start=settings',
  );
  await ben.starts('settings');
  ben.expects('Your clock: Europe/Berlin');
  for (const text of ['lunch?', '/rules@another_bot', '/nonsense', '@all hello'])
    await ben.says(text, { in: team });
  ben.expectsNothing({ in: team });
  await charlie.says('/alerts', { in: team });
  charlie.expects('I only talk to people who were invited.', { in: team });
  await charlie.says('/rules', { in: team });
  await charlie.says('please', { in: team });
  charlie.expectsNothing({ in: team });
  await world.advance('25h');
  await charlie.says('/why@another_bot', { in: team });
  charlie.expectsNothing({ in: team });
  await world.post(disk(95));
  const told = charlie.expects('Disk nearly full: /home', { in: team });
  await charlie.says('I am on it', { in: team, replyTo: told.message_id });
  charlie.expects('Ask an admin here for a link: /invite', { in: team });
  await charlie.says('/watch disk.usage usage > 90', { in: team });
  charlie.expectsNothing({ in: team });
  await ana.says('/invite', { in: team });
  ana.expects('That works in our private chat.', { in: team });
});

story('the wizard in a group asks for whom, and belongs to the one who began it', async (world) => {
  const { ana, ben, team } = world;
  await gathers(world);
  await world.post(disk(40));
  await ana.says('/subscribe disk.usage', { in: team });
  const asked = ana.expects('What about it shall I tell you?', { in: team });
  expect((await ben.presses('usage', { in: team })).text).toContain('This belongs to somebody else.');
  await ana.presses('usage', { in: team });
  await ana.presses('other', { in: team });
  ana.expects('Answer by replying to this message.', { in: team });
  world.telegram.person(ana.id).say('95', { chat: team.id, replyTo: asked.message_id });
  await world.settle();
  await ana.presses('same', { in: team });
  expect(labels(ana.expects('Who is told?', { in: team })).flat()).toEqual(
    expect.arrayContaining(['Everybody in Team', 'Only me']),
  );
  for (const label of ['Only me', 'Change', 'Severity', 'critical', 'Save'])
    await ana.presses(label, { in: team });
  ana.expects('told to you in our private chat.', { in: team });
  await world.advance('1m');
  await world.post(disk(97));
  expect(ana.expects('97, limit 95.').text).toContain('🔴');
  ana.expects('🟠 Disk nearly full: /home', { in: team });
});

story('/groups shows whoever asks the groups that they share with the bot', async (world) => {
  const { ana, ben, charlie, team, telegram, enrols } = world;
  await gathers(world);
  await enrols(charlie);
  team.leave(telegram.person(charlie.id));
  await world.settle();
  await world.post(disk(95));
  await ben.says('/groups');
  expect(ben.expects('Groups that I tell').text).toContain('Team: 1 rule, 1 alert burns; clock');
  await charlie.says('/groups');
  charlie.expects('I am in no group with you.');
  // The owner sees all of them.
  await ana.says('/groups');
  ana.expects('Team: 1 rule');
});
