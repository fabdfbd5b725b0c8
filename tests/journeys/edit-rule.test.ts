// A rule that is there: what it would have told, every part changed by buttons, old and new shown before anything is saved.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { until } from '../harness/until.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (subject: string, usage: number, host = 'cad1') => ({
  type: 'disk.usage',
  subject,
  data: { usage },
  labels: { host },
});

async function presses({ ana }: StoryWorld, ...buttons: string[]) {
  for (const button of buttons) await ana.presses(button);
}

/** The numbers come a moment after the screen when the machine is slow. */
const counted = ({ ana }: StoryWorld) =>
  until('the numbers are there', async () => /would have told you/.test(ana.last()?.text ?? ''));

story('what a rule would have told is shown before it is saved, with other limits too', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  for (const usage of [80, 92, 70, 96, 70, 99, 70]) {
    await world.post([disk('/home', usage), disk('/var', 20)]);
    await world.advance('6h');
  }
  await ana.says('/subscribe disk.usage');
  await presses(world, 'usage', '90', 'same');
  await counted(world);
  const preview = ana.last()!;
  expect(preview.text).toContain('It would have told you 3 times in');
  expect(labels(preview)).toEqual([
    ['Save', 'Show the 3'],
    ['At 85: 3 ×', 'At 95: 2 ×'],
    ['Only some …', 'Change …'],
    ['Back', 'Cancel'],
  ]);
  await presses(world, 'Show the 3');
  expect(ana.last()?.text).toMatch(/18:00 \/home 92, limit 90, over after 6 h/);
  await presses(world, 'Back', 'At 95: 2 ×');
  await counted(world);
  expect(ana.last()?.text).toContain('usage over 95; told to you here.\nIt would have told you twice');
  await presses(world, 'Save');
  expect(ana.last()?.text).toContain('Saved.');

  await ana.says('/rules');
  await presses(world, '1. disk.usage', 'Back-test');
  await counted(world);
  expect(ana.last()?.text).toContain('As it is now:');
  await presses(world, 'Save');
  expect(ana.last()?.text).toContain('Nothing is different yet.');
  await presses(world, 'Back');
  expect(labels(ana.last()!).flat()).toContain('Back-test');
});

story('what an edit does to open alerts is said before, and happens only then', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 clear 85 named "Disk nearly full"');
  await world.post(disk('/home', 95));
  ana.expects('🟠 Disk nearly full: /home');
  await ana.says('/rules');
  await presses(world, '1. Disk', 'Edit …', 'Hours', 'Only Mon–Fri 9–18', 'Done');
  const hours = ana.expects('Hours: all hours → Mon–Fri 9–18, otherwise nothing');
  expect(hours.text).toContain('Its 1 open alert stays open; the next event decides.');
  await presses(world, 'Change …', 'Only some', 'host', 'cad1', 'Done', 'Done');
  const asks = ana.expects('Only some: all → host = "cad1"');
  expect(asks.text).toContain('its 1 open alert ends, and whoever heard of it is told.');
  await presses(world, 'Back', 'Back', 'Back', 'Back');
  await ana.says('/rules');
  await presses(world, '1. Disk');
  expect(ana.last()?.text).toContain('usage over 90 (until 85); told to you here.\n1 open alert.');
  expect(ana.last()?.text).toContain('/watch disk.usage usage > 90 clear 85 named "Disk nearly full"');
  await presses(world, 'Edit …', 'Only some', 'host', 'cad1', 'Done', 'Done', 'Save');
  ana.expects(/^✅ Disk nearly full: \/home is closed/);
  await world.post(disk('/home', 96, 'cad2'));
  ana.expectsNothing();
  await world.post(disk('/var', 96));
  ana.expects('🟠 Disk nearly full: /var');
});

story('in a group its admins edit its rules, others are told why not', async (world) => {
  const { ana, ben, team } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  team.addBot(world.telegram.person(ana.id));
  team.join(world.telegram.person(ana.id), { admin: true });
  await world.settle();
  await ana.says('/watch disk.usage usage > 90 named "Disks"', { in: team });
  ana.expects('Saved: Disks', { in: team });
  await ben.says('/rules', { in: team });
  await ben.presses('1. Disks', { in: team });
  for (const label of ['Edit …', 'Back-test', 'On trial'])
    expect((await ben.presses(label, { in: team })).text).toContain('Only admins of the group');
  await ana.says('/rules', { in: team });
  for (const label of ['1. Disks', 'Edit …', 'Severity', '🔴 critical', 'Save'])
    await ana.presses(label, { in: team });
  ana.expects('🔴 critical; told in Team.', { in: team });
});
