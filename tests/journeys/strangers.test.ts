// Strangers: one polite sentence, nothing created, nothing learnt.
import { expect } from 'vitest';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const sentence = 'I only talk to people who were invited. Ask somebody who uses me for a link.';

async function rows({ rooms }: StoryWorld): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of ['people', 'groups', 'receivers', 'rules', 'buttons', 'conversations', 'notifications'])
    found[table] = Number(
      (await rooms.world.database.sql.unsafe(`select count(*) as n from ${table}`))[0]!.n,
    );
  return found;
}

story('Charlie knocks: each command is answered for a while, and nothing is written down', async (world) => {
  const { ana, charlie } = world;
  await world.enrols(ana);
  const before = await rows(world);
  await charlie.starts();
  expect(charlie.expects(sentence).text).toBe(sentence);
  for (const text of ['hello?', 'please']) await charlie.says(text);
  await charlie.shares(52.5, 13.4);
  charlie.expectsNothing();
  for (const text of ['/watch ** every', '/subscribe', '/alerts', '/invite', '/start owner']) {
    await charlie.says(text);
    expect(charlie.expects(sentence).text).toBe(sentence);
  }
  for (let i = 0; i < 6; i++) await charlie.says('/alerts');
  charlie.seen();
  expect(await rows(world)).toEqual(before);
  await world.advance('61m');
  await charlie.says('/start');
  charlie.expects(sentence);
  expect(await rows(world)).toEqual(before);
});

story('Charlie guesses invitations: he is told a few times, then not any more', async (world) => {
  const { charlie } = world;
  const before = await rows(world);
  for (let i = 0; i < 12; i++) await charlie.starts(`guess-number-${String(i).padStart(10, '0')}`);
  const answers = charlie.seen().map(({ text }) => text);
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.length).toBeLessThanOrEqual(6);
  expect(new Set(answers).size).toBeLessThanOrEqual(2);
  expect(await rows(world)).toEqual(before);
});

story('Charlie brings the bot to a group of his: it says goodbye and goes', async (world) => {
  const { charlie, telegram, team } = world;
  const before = await rows(world);
  team.addBot(telegram.person(charlie.id));
  await world.settle();
  charlie.expects('I only join groups of people who use me: first talk to me in private. Goodbye.', {
    in: team,
  });
  await charlie.says('/watch ** every', { in: team });
  charlie.expectsNothing({ in: team });
  expect(await rows(world)).toEqual(before);
});

story('whoever is invited later is a person like any other', async (world) => {
  const { ana, charlie } = world;
  await world.enrols(ana);
  await charlie.says('let me in');
  charlie.expects(sentence);
  await ana.says('/invite');
  await ana.presses('member');
  const token = /start=(\S+)/.exec(ana.expects('it works once').text)![1]!;
  await charlie.starts(token);
  charlie.expects('Hello Charlie.');
  await charlie.presses('That’s right');
  await charlie.says('/invite');
  charlie.expects('Only admins can use /invite. Ask Ana.');
});
