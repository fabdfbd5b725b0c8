// First contact: an invitation link, the clock, and straight into the first rule.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage } });

/** Ana asks for a link, as she would to send it on; resolves with what is behind start=. */
async function invites({ ana }: StoryWorld): Promise<string> {
  await ana.says('/invite');
  ana.expects('Whom do you invite?');
  await ana.presses('member');
  const { text } = ana.expects('it works once');
  return /https:\/\/t\.me\/tocsin_bot\?start=(\S+)/.exec(text)![1]!;
}

story(
  'Ana, the owner, is known without an invitation and has a working rule after a few taps',
  async (world) => {
    const { ana } = world;
    await world.post(disk(71));
    await ana.starts();
    const hello = ana.expects('Hello Ana.');
    expect(hello.text).toContain('Your clock: Europe/Berlin, 12:00 now.');
    expect(labels(hello)).toEqual([['That’s right', 'Another place']]);
    await ana.presses('That’s right');
    expect(ana.expects('What shall I watch?').message_id).toBe(hello.message_id);
    for (const label of ['disk.usage', 'usage', '90', 'same', 'Save']) await ana.presses(label);
    expect(ana.expects('Saved').message_id).toBe(hello.message_id);
    await ana.presses('Send me a sample');
    ana.expects(/sample/i);
    await world.post(disk(95));
    ana.expects('95, limit 90.');
  },
);

story('Ben comes by a link, types his city, and watches in his own time', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.post(disk(71));
  const token = await invites(world);
  await ben.starts(token);
  const hello = ben.expects('Hello Ben. I tell you when something you care about goes wrong');
  await ben.presses('Another place');
  ben.expects('Which city is near you? Type its name, or send your location.');
  await ben.says('Atlantis');
  // Below what he typed, where he looks; the question above loses its buttons.
  const wrong = ben.expects('I know no place called “Atlantis”.');
  expect(wrong.message_id).toBeGreaterThan(hello.message_id + 1);
  await ben.says('lisbon');
  ben.expects('Places for “lisbon”:');
  await ben.presses('Lisbon · 11:00');
  expect(ben.expects('Your clock is now Europe/Lisbon, 11:00.')).toBeDefined();
  await ben.presses('That’s right');
  const wizard = ben.expects('What shall I watch?');
  expect(wizard.message_id).toBe(wrong.message_id);
  const labels = ['disk.usage', 'usage', '80', 'same'];
  for (const label of [...labels, 'Change', 'How long', '5 min']) await ben.presses(label);
  for (const label of ['Change', 'Severity', 'critical', 'Save']) await ben.presses(label);
  ben.expects('usage over 80 for 5 min; 🔴 critical; told to you here.');
  await world.post(disk(85));
  await world.advance('5m');
  expect(ben.expects('🔴 disk.usage').text).toContain('85, limit 80.');
  expect(ben.transcript()).toContain('Since 11:00');
  ana.expectsNothing();
});

story('Ben sends his location instead', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await ben.starts(await invites(world));
  await ben.presses('Another place');
  await ben.shares(-37.81, 144.96);
  ben.expects('Your clock is now Australia/Melbourne, 20:00.');
  await ben.presses('That’s right');
  const empty = ben.expects('Nothing has arrived here yet.');
  expect(empty.text).toContain('curl https://tocsin.example/v1/events');
  await world.post(disk(71));
  await ben.presses('Look again');
  ben.expects('What shall I watch?');
});

story('a link lets one person in, once, for a day', async (world) => {
  const { ana, ben, charlie } = world;
  await world.enrols(ana);
  const token = await invites(world);
  await ben.starts(token);
  ben.expects('Hello Ben.');
  await charlie.starts(token);
  charlie.expects('This invitation has been used already. Ask for a new one.');
  const late = await invites(world);
  await world.advance('25h');
  await charlie.starts(late);
  charlie.expects('This invitation ended 1 h ago. Ask for a new one.');
  await charlie.starts('x'.repeat(22));
  charlie.expects('This invitation is not valid.');
  await charlie.starts(await invites(world));
  charlie.expects('Hello Charlie.');
});

story('whoever answers later, or twice, still finds the way', async (world) => {
  const { ana } = world;
  await ana.starts();
  ana.expects('Hello Ana.');
  await ana.says('/alerts');
  ana.expects(/Nothing burns/);
  await ana.starts();
  ana.expects('Hello Ana.');
  await ana.presses('That’s right');
  ana.expects('Nothing has arrived here yet.');
  await ana.starts();
  const back = ana.expects('Hello Ana. Nothing burns, and no rule is watching yet.');
  expect(labels(back).flat()).toEqual(['New rule', 'My rules', 'What burns', 'Settings']);
});
