// Coming back: what burns first, what was changed, what was loud; the pile goes by one press.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

const disk = (subject: string, usage: number, severity?: string) => ({
  type: 'disk.usage',
  subject,
  data: { usage },
  ...(severity ? { severity } : {}),
});

story('after a week off: offered once, and one message holds the week', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
  ana.expects('Saved');
  await world.advance('1d');
  for (let i = 0; i < 12; i++) await world.post(disk(`/disk${i}`, 91, i === 7 ? 'critical' : undefined));
  await world.post([disk('/disk0', 10), disk('/disk1', 10)]);
  await world.advance('6d');
  await ana.says('/rules');
  const offered = ana.expects('Welcome back after 7 days');
  expect(offered.silent).toBe(true);
  await ana.says('/rules');
  expect(ana.transcript().match(/Welcome back/g)).toHaveLength(1);
  await ana.says('/catchup');
  const told = ana.expects('What you missed · since');
  expect(told.text).toMatch(/Still burning: 10\n1\. 🔴 Disk nearly full: \/disk7/);
  expect(told.text).toMatch(/Loudest\nDisk nearly full · 12 times/);
  expect(told.text).toContain('disk.usage 2 came and went');
  expect(told.text).toContain('disk.usage 14 events');
  expect(labels(told).flat()).toContain('Acknowledge the pile (10)');
  await ana.presses('Only critical');
  const critical = ana.expects('Still burning: 1');
  expect(critical.text).not.toContain('/disk5');
  await ana.presses('Everything');
  // What begins while she reads is not on the pile.
  await world.post(disk('/late', 99));
  expect((await ana.presses('Acknowledge the pile (10)')).text).toBe('10 acknowledged. Thank you.');
  const after = ana.expects('acknowledged by Ana');
  expect(labels(after).flat()).toContain('Acknowledge it');
  expect((await ana.presses('Acknowledge it')).text).toBe('1 acknowledged. Thank you.');
  expect(labels(ana.expects('Still burning: 11')).flat()).not.toContain('Acknowledge it');
});

story('what others changed is told by name, and only what concerns the reader', async (world) => {
  const { ana, ben } = world;
  await ana.starts();
  ana.expects('Hello');
  await world.enrols(ben);
  await world.makesRule(ben, { topic: 'disk.usage', kind: 'every', name: 'Ben’s disks' });
  await world.makesRule(ana, { topic: 'disk.usage', kind: 'every', name: 'Ana’s disks' });
  await ben.says('/catchup 2d');
  const own = ben.expects('What you missed');
  expect(own.text).toContain('made the rule “Ben’s disks”');
  expect(own.text).toContain('joined');
  expect(own.text).not.toContain('Ana’s disks');
  expect(own.text).not.toContain('invited somebody');
  await ana.says('/catchup 2d');
  expect(ana.expects('What you missed').text).toContain('The operator invited somebody');
});

story('nothing happened, a wrong span, and too far back', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.advance('5d');
  await ana.says('/catchup 2h');
  expect(ana.expects('Nothing happened').text).toContain('Nothing burns');
  expect(ana.transcript()).not.toContain('Welcome back');
  await ana.says('/catchup since the flood');
  const fault = ana.expects('I do not know since when “since the flood” is.');
  expect(labels(fault)).toEqual([['Today', '3 days', 'A week']]);
  await ana.presses('A week');
  ana.expects('since');
  await ana.says('/catchup 9000d');
  ana.expects('longer than a year');
});

story('more than a page is turned, and one alert is taken from the list', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, {
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
    name: 'Disk',
  });
  for (let i = 10; i < 25; i++) await world.post(disk(`/d${i}`, 95));
  await ana.says('/catchup today');
  expect(ana.expects('page 1 of 2').text).toContain('10. 🟠 Disk: /d19');
  await ana.presses('More');
  expect(ana.expects('page 2 of 2').text).toContain('11. 🟠 Disk: /d20');
  expect((await ana.presses('Acknowledge 11: /d20')).text).toBe('Acknowledged. Thank you.');
  expect(ana.expects('page 2 of 2').text).toContain('/d20 · 95, limit 90 · since 12:00, acknowledged by Ana');
  await ana.presses('Earlier');
  ana.expects('page 1 of 2');
});

story('somebody who was away catches up with the time they were away', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, { topic: 'disk.usage', kind: 'every', name: 'Disk' });
  await ana.says('/away 9d');
  await ana.presses('Nobody');
  ana.expects('You are away until');
  await world.advance('2d');
  await ana.says('/away back');
  ana.expects('You are here');
  await ana.presses('Catch up');
  ana.expects('2 days');
});
