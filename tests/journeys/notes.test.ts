// Notes: what somebody answers to an alert stays with it, for everybody who was told.
import { expect } from 'vitest';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage } });

async function burns({ ana, enrols, post }: StoryWorld) {
  await enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
  ana.expects('Saved');
  await post(disk(95));
  return ana.expects('🟠 Disk nearly full: /home');
}

story('an answer to an alert is a note on it, shown there, in Why and when it is over', async (world) => {
  const { ana } = world;
  const told = await burns(world);
  await ana.says('The log of the <new> importer', { replyTo: told.message_id });
  ana.expects('Noted: everybody who was told sees it, and so do systems that the rule tells');
  const edited = ana.seen().find(({ message_id }) => message_id === told.message_id)!;
  expect(edited.text).toContain('Note by Ana, 12:00: The log of the <new> importer');
  await ana.says('/why');
  expect(ana.expects('Why you were told').text).toContain('noted by Ana: The log of the <new> importer');
  await world.post(disk(60));
  const over = ana.expects('is over');
  expect(over.text).toContain('Note by Ana');
  await ana.says('Rotated it', { replyTo: over.message_id });
  ana.expects('Noted: everybody who was told sees it, and so do systems that the rule tells');
  expect(ana.seen().find(({ message_id }) => message_id === told.message_id)!.text).toContain('Rotated it');
});

story('an answer in the middle of a question is a note, and the question stays open', async (world) => {
  const { ana } = world;
  const told = await burns(world);
  await ana.says('/subscribe');
  await ana.says('known since Monday', { replyTo: told.message_id });
  ana.expects('Noted');
  const edited = ana.seen().find(({ message_id }) => message_id === told.message_id)!;
  expect(edited.text).toContain('known since Monday');
});

story('too long is refused with the reason, and a command is a command', async (world) => {
  const { ana } = world;
  const told = await burns(world);
  await ana.says('x'.repeat(1_001), { replyTo: told.message_id });
  ana.expects('at most 1,000 characters');
  await ana.says('/why', { replyTo: told.message_id });
  ana.expects('Why you were told');
  expect(ana.seen().find(({ message_id }) => message_id === told.message_id)!.text).not.toContain('Note by');
});

story('in a group the alert itself shows the note, and nothing else is said', async (world) => {
  const { ana, ben, team, telegram, enrols } = world;
  await enrols(ana);
  await enrols(ben);
  team.join(telegram.person(ana.id));
  team.join(telegram.person(ben.id));
  team.addBot(telegram.person(ana.id));
  await world.settle();
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"', { in: team });
  await world.post(disk(95));
  const told = ben.expects('🟠 Disk nearly full: /home', { in: team });
  await ben.says('I am on it', { in: team, replyTo: told.message_id });
  expect(ben.expects('Note by Ben, ', { in: team }).text).toContain('I am on it');
  ben.expectsNothing({ in: team });
});

story('an answer to Why or to /alerts with one alert is a note on that alert', async (world) => {
  const { ana } = world;
  const told = await burns(world);
  const text = () => ana.seen().find(({ message_id }) => message_id === told.message_id)!.text;
  await ana.presses('Why');
  await ana.says('known to Ben', { replyTo: ana.expects('Why you were told').message_id });
  ana.expects('Noted: everybody who was told sees it');
  expect(text()).toContain('Note by Ana, 12:00: known to Ben');
  await ana.says('/alerts');
  const one = ana.expects('1 alert burns');
  await ana.says('he is on it', { replyTo: one.message_id });
  ana.expects('Noted: everybody who was told sees it');
  expect(text()).toContain('he is on it');
  await ana.says('/rules');
  await ana.says('not about an alert', { replyTo: ana.expects('1 rule:').message_id });
  ana.expects('I don’t understand plain text here.');
  // Of two that burn nobody can say which is meant.
  await world.post({ type: 'disk.usage', subject: '/var', data: { usage: 96 } });
  ana.expects('🟠 Disk nearly full: /var');
  await ana.says('/alerts');
  await ana.says('which', { replyTo: ana.expects('2 alerts burn').message_id });
  ana.expects('I don’t understand plain text here.');
});
