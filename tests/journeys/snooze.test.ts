// Snooze: put off for a quarter of an hour, an hour, or until one's own morning.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
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

story('a quarter of an hour later it still burns, and is told as a reminder', async (world) => {
  const { ana } = world;
  const told = await burns(world);
  await ana.presses('Snooze');
  const open = ana.last()!;
  expect(labels(open)).toEqual([
    ['15 min', '1 h'],
    ['until Tue 9:00', 'until it changes'],
    ['Mute this rule …', 'Back'],
  ]);
  expect((await ana.presses('15 min')).text).toBe('Snoozed until 12:15.');
  expect(ana.expects('Snoozed until 12:15').message_id).toBe(told.message_id);
  await world.post(disk(96));
  await world.advance('14m');
  ana.expectsNothing();
  await world.advance('1m');
  const reminder = ana.expects('Still burning: Disk nearly full: /home');
  expect(reminder.text).toContain('For 15 min now.');
  expect(reminder.silent).toBe(false);
  await ana.says('Ben looks', { replyTo: reminder.message_id });
  ana.expects('Noted: everybody who was told sees it');
  expect((await ana.presses('Acknowledge', { messageId: reminder.message_id })).text).toBe(
    'Acknowledged. Thank you.',
  );
  await world.advance('1d');
  ana.expectsNothing();
});

story('it ends within the hour, and that is told at once', async (world) => {
  const { ana } = world;
  await burns(world);
  await ana.presses('Snooze');
  expect((await ana.presses('1 h')).text).toBe('Snoozed until 13:00.');
  await world.advance('20m');
  await world.post(disk(60));
  expect(ana.expects('✅ Disk nearly full: /home is over').text).toContain('60, limit 90, after 20 min.');
  await world.advance('2h');
  ana.expectsNothing();
});

story('until the morning is until her own nine o’clock', async (world) => {
  const { ana } = world;
  await burns(world);
  await ana.presses('Snooze');
  expect((await ana.presses('until Tue 9:00')).text).toBe('Snoozed until Tue 9:00.');
  await ana.says('/alerts');
  ana.expects('snoozed until Tue 9:00');
  await world.advanceTo(Date.UTC(2026, 4, 5, 6, 59, 59));
  ana.expectsNothing();
  await world.advance('1s');
  ana.expects('Still burning: Disk nearly full: /home');
});

story(
  'Back closes the times, a new morning moves them, and a second snooze replaces the first',
  async (world) => {
    const { ana } = world;
    const told = await burns(world);
    await ana.presses('Snooze');
    await ana.presses('Back', { messageId: told.message_id });
    expect(labels(ana.last()!).flat()).toContain('Acknowledge');
    await ana.says('/settings');
    await ana.presses('Morning');
    await ana.presses('7:00');
    ana.expects('Your morning: 7:00');
    await ana.presses('Snooze');
    expect((await ana.presses('until Tue 7:00')).text).toBe('Snoozed until Tue 7:00.');
    await ana.presses('Snooze');
    expect((await ana.presses('15 min')).text).toBe('Snoozed until 12:15.');
    await world.advance('15m');
    ana.expects('Still burning');
    await world.advance('1d');
    ana.expectsNothing();
  },
);

const graded = '/watch disk.usage usage > 90 critical 97 named "Disk nearly full"';

story(
  'until it changes: however long it burns nothing is told, but that it got worse at once',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says(graded);
    ana.expects('Saved');
    await world.post(disk(95));
    const told = ana.expects('🟠 Disk nearly full: /home');
    await ana.presses('Snooze');
    expect((await ana.presses('until it changes')).text).toBe('Snoozed until it gets worse or is over.');
    expect(ana.expects('Snoozed until it changes').message_id).toBe(told.message_id);
    await ana.says('/alerts');
    ana.expects('snoozed until it changes');
    await ana.presses('Snooze', { messageId: told.message_id });
    const again = await ana.presses('until it changes', { messageId: told.message_id });
    expect(again.text).toBe('This is snoozed until it changes.');
    await world.post(disk(96));
    await world.advance('3d');
    ana.expectsNothing();
    await world.post(disk(98));
    const worse = ana.expects('🔴 Disk nearly full: /home');
    expect(worse.text).not.toContain('Snoozed');
    expect(worse.silent).toBe(false);
  },
);

story('until it changes: its end is told, and the next time it is a new alert', async (world) => {
  const { ana } = world;
  await burns(world);
  await ana.presses('Snooze');
  await ana.presses('until it changes');
  await world.advance('2d');
  ana.expectsNothing();
  await world.post(disk(60));
  ana.expects('✅ Disk nearly full: /home is over');
  await world.post(disk(95));
  ana.expects('🟠 Disk nearly full: /home');
});

story('mute this rule: the alert keeps its buttons, the rule tells nothing for that time', async (world) => {
  const { ana } = world;
  const told = await burns(world);
  await ana.presses('Snooze');
  await ana.presses('Mute this rule …');
  expect(labels(ana.last()!)).toEqual([['mute 1 h', 'mute 4 h'], ['mute 1 day', 'mute 7 days'], ['Back']]);
  await ana.presses('Back');
  expect(labels(ana.last()!).flat()).toContain('Acknowledge');
  await ana.presses('Snooze');
  await ana.presses('Mute this rule …');
  const muted = await ana.presses('mute 1 h');
  expect(muted.text).toBe('Disk nearly full is muted until 13:00. /silence lifts it.');
  expect(labels(ana.last()!).flat()).toContain('Acknowledge');
  expect(ana.last()!.message_id).toBe(told.message_id);
  await world.post({ ...disk(99), subject: '/srv' });
  ana.expectsNothing();
  await ana.says('/silence');
  ana.expects('Disk nearly full until 13:00');
  await world.advance('1h');
  ana.expects('🟠 Disk nearly full: /srv');
});

story('mute this rule in a group: only its admins may, and whoever may not hears so', async (world) => {
  const { ana, ben, team, telegram } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  team.addBot(telegram.person(ana.id));
  await world.settle();
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"', { in: team });
  await world.post(disk(95));
  ana.expects('🟠 Disk nearly full: /home', { in: team });
  await ben.presses('Snooze', { in: team });
  await ben.presses('Mute this rule …', { in: team });
  expect((await ben.presses('mute 1 h', { in: team })).text).toContain('Only admins of the group');
  expect(labels(ana.last(team.id)!).flat()).toContain('Acknowledge');
});
