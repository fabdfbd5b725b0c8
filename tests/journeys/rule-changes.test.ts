// A rule is paused, edited or deleted while its alert burns: whoever heard of it hears what became of it.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage } });

/** Opens the rule's own screen while its alert burns. */
async function opens({ ana, enrols, post }: StoryWorld) {
  await enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
  ana.expects('Saved');
  await post(disk(93));
  ana.expects('🟠 Disk nearly full: /home');
  await ana.says('/rules');
  expect(ana.expects('1 rule:').text).toContain(
    '1. Disk nearly full: disk.usage, usage over 90 · 1 alert open',
  );
  await ana.presses('1. Disk nearly full');
  ana.expects('1 open alert.');
}

story(
  'paused: its alert is closed with the reason; resumed: what still burns is told anew',
  async (world) => {
    const { ana } = world;
    await opens(world);
    expect((await ana.presses('Pause')).text).toBe('Paused. It tells nothing until you resume it.');
    const closed = ana.expects(/^✅ Disk nearly full: \/home is closed/);
    expect(closed.text).toMatch(
      /Closed after \d s because the rule was paused by Ana; last seen: 93, limit 90/,
    );
    await world.advance('1h');
    await world.post(disk(95));
    ana.expectsNothing();
    await ana.says('/rules');
    ana.expects('Paused: Disk nearly full');
    await ana.presses('1. Disk nearly full');
    await ana.presses('Resume');
    await world.advance('30m');
    await world.post(disk(96));
    ana.expects('🟠 Disk nearly full: /home');
  },
);

story('the limit raised above the value: the next value ends the alert', async (world) => {
  const { ana } = world;
  await opens(world);
  await ana.presses('Edit …');
  expect(labels(ana.expects('What shall be different?')).flat()).toEqual(
    expect.arrayContaining(['Limit', 'Hours', 'How long', 'Severity', 'Name', 'Back', 'Cancel']),
  );
  await ana.presses('Limit');
  ana.expects('Tell you when usage is above');
  await ana.says('a lot');
  ana.expects('“a lot” is no number; try 90 or 97.5.');
  await ana.says('97');
  expect(ana.expects('Limit: 90 → 97').text).toContain(
    'Its 1 open alert stays open; the next event decides.',
  );
  await ana.presses('Save');
  ana.expects('Saved.');
  await world.advance('30m');
  await world.post(disk(94));
  expect(ana.expects('✅ Disk nearly full: /home is over').text).toContain('94, limit 97, after 30 min.');
  await world.post(disk(98));
  ana.expects('98, limit 97.');
});

story('severity and name are changed by buttons and by typing', async (world) => {
  const { ana } = world;
  await opens(world);
  await ana.presses('Edit …');
  await ana.presses('Severity');
  await ana.presses('🔴 critical');
  ana.expects('Severity: as the event says → critical');
  await ana.presses('Change …');
  await ana.presses('Name');
  await ana.says('Home is full');
  ana.expects('Name: Disk nearly full → Home is full');
  await ana.presses('Save');
  ana.expects('Saved.');
  await world.advance('30m');
  await world.post(disk(95));
  expect(ana.expects('🔴').text).toContain('It got worse: critical now.');
});

story('deleted, after being asked once: its alert ends, and it tells nothing any more', async (world) => {
  const { ana } = world;
  await opens(world);
  await ana.presses('Delete', { messageId: ana.last()!.message_id });
  ana.expects('Delete “Disk nearly full”? Its 1 open alert ends with it.');
  await ana.presses('Keep it');
  ana.expects('1 open alert.');
  await ana.presses('Delete', { messageId: ana.last()!.message_id });
  await ana.presses('Delete it');
  ana.expects('Deleted: Disk nearly full.');
  expect(ana.expects('is closed').text).toContain('the rule was deleted by Ana');
  await world.post(disk(99));
  await world.advance('1d');
  ana.expectsNothing();
  await ana.says('/rules');
  ana.expects('You have no rules yet.');
});

story('renamed while it burns: nothing ends by that, and its true end is told', async (world) => {
  const { ana } = world;
  const onCad = (usage: number) => ({ ...disk(usage), labels: { host: 'cad1' } });
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 clear 85 where host = cad1 named "Disk nearly full"');
  ana.expects('Saved');
  await world.post(onCad(95));
  ana.expects('🟠 Disk nearly full: /home');
  await ana.says('/rules');
  await ana.presses('1. Disk nearly full');
  await ana.presses('Edit …');
  await ana.presses('Name');
  await ana.says('Home is full');
  ana.expects('Name: Disk nearly full → Home is full');
  await ana.presses('Save');
  ana.expects('Saved.');
  await world.advance('10m');
  await world.post(onCad(87));
  await world.post(onCad(96));
  ana.expectsNothing();
  await world.advance('10m');
  await world.post(onCad(50));
  ana.expects(/^✅ .* is over/);
});
