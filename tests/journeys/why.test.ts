// “Why was I told, and why not?”: of an alert, of an event, of a night; what is held, and what was.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

const spread = Array.from({ length: 300 }, (_, i) => i);
const usage = (subject: string, value: number) => ({
  type: 'disk.usage',
  source: 'cad1',
  subject,
  data: { usage: value },
});
const disk = {
  name: 'Disk nearly full',
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90 },
  bands: [{ when: 'Mon-Fri 09:00-18:00' }, { when: 'otherwise', params: { limit: 97 } }],
};

story(
  'an alert says by which hours it was read, what was there before, and what was not in its way',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana, 'UTC');
    await world.makesRule(ana, disk);
    await ana.says('/why');
    ana.expects('Nothing was told here yet');
    await world.post(usage('/sarc/cad', 89.9));
    await world.post(usage('/sarc/cad', 93.5));
    ana.expects('Disk nearly full: /sarc/cad');
    await ana.presses('Why');
    const why = ana.expects('Why you were told: the rule “Disk nearly full”').text;
    expect(why).toContain('from cad1); hours: Mon–Fri 9–18. It was 89.9 before');
    expect(why).toContain('No quiet hours are set. Not silenced.');
    await ana.says('/why');
    const again = ana.expects('Why you were told: the rule “Disk nearly full”');
    expect(labels(again).flat()).toEqual(['Change limit', 'Other time bands', 'This rule', 'Mute …']);
    await ana.presses('Change limit');
    ana.expects('Tell you when usage is above');
    await ana.says('/cancel');
  },
);

story('an event says which rules looked at it, and which did not and why', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.makesRule(ana, disk);
  await world.makesRule(ana, { ...disk, bands: [], name: 'Other host', match: ['host = cad2'] });
  await world.post(usage('/home', 91));
  ana.expects('Disk nearly full: /home');
  await ana.says('/why 1');
  const [seq] = await world.rooms.world.database.sql<{ seq: string }[]>`select max(seq) as seq from events
    where type = 'disk.usage'`;
  await ana.says(`/why #${seq!.seq}`);
  const why = ana.expects(`Event ${seq!.seq}: disk.usage, /home from cad1`).text;
  expect(why).toContain('Disk nearly full: 91, limit 90 (met); hours: Mon–Fri 9–18');
  expect(why).toContain('Other host: host = "cad2" does not hold');
  await world.advance('1m');
  await ana.says('/watch disk.usage usage > 95 named "Too late"');
  await ana.says(`/why ${seq!.seq}`);
  expect(ana.last()!.text).toContain('Too late: it was made later');
  await ana.says('/why 999999');
  ana.expects('There is no event 999999');
});

story('a night says what was told, what was held until when, and what came near', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.makesRule(ana, disk);
  await ana.says('/quiet 21-7');
  await world.advanceTo(Date.UTC(2026, 4, 4, 23));
  await world.post(usage('/sarc/cad', 96.5));
  await world.post(usage('/home', 98));
  await world.post(usage('/tmp', 12));
  await ana.says('/held');
  const held = ana.expects('1 message is held back').text;
  expect(held).toContain('quiet hours, until Tue 7:00: 1');
  expect(held).toContain('Disk nearly full: /home');
  await ana.says('/why last night');
  const night = ana.expects('Last night').text;
  expect(night).toContain('1 by quiet hours, until Tue 7:00: Disk nearly full: /home');
  expect(night).toContain('/sarc/cad 96.5, limit 97 at 23:00 (Disk nearly full)');
  expect(night).not.toContain('/home 98, limit');
  expect(labels(ana.seen().at(-1)!).flat()).toContain('Change limit');
  await ana.says('/why /tmp');
  expect(ana.expects('about “/tmp”').text).toContain('/tmp 12, limit 97');

  await world.advanceTo(Date.UTC(2026, 4, 5, 10));
  ana.expects('/home');
  await ana.says('/held');
  ana.expects('Nothing is held back now.');
  await ana.says('/why last night');
  ana.expects('Last night, Mon 21:00 – 7:00');
});

story('why of what was held back does not say that it was told', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.makesRule(ana, { ...disk, bands: [] });
  await ana.says('/silence disk.usage 1h');
  await world.post(usage('/home', 93));
  await world.advance('1m');
  await ana.says('/history');
  await ana.presses('Why 1');
  expect(ana.expects('Why you were not told yet: the rule “Disk nearly full”').text).toMatch(
    /^Alert \(10:00\): held back until 11:00\. Muted by Ana\.$/m,
  );
  await world.post(usage('/home', 50));
  await world.advance('2h');
  await ana.says('/history');
  await ana.presses('Why 1');
  ana.expects('Why you were not told: the rule “Disk nearly full”');
});

story('why of what a silence held until it was lifted says so', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.makesRule(ana, { ...disk, bands: [] });
  await ana.says('/silence disk.usage 1h');
  await world.post(usage('/home', 93));
  await world.advance('10m');
  await ana.says('/silence off');
  ana.expects('🟠 Disk nearly full: /home');
  await ana.presses('Why');
  expect(ana.expects('Why you were told').text).toContain('Lifted: the silence on disk.usage, 10:10 by Ana.');
  await ana.says('/silence Disk nearly full 1h');
  await world.post(usage('/var', 94));
  await world.advance('61m');
  ana.expects('🟠 Disk nearly full: /var');
  await ana.presses('Why');
  expect(ana.expects('Why you were told').text).toContain('The silence on Disk nearly full ended 11:10.');
});

story('why of what the hours of every week held says when they ended', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.makesRule(ana, { ...disk, bands: [] });
  await ana.says('/silence disk.usage every 9-11');
  await world.post(usage('/home', 93));
  ana.expects('Will be muted: disk.usage every week 09:00-11:00.');
  await world.advance('61m');
  ana.expects('🟠 Disk nearly full: /home');
  await ana.says('/silence disk.usage off');
  await ana.presses('Why');
  expect(ana.expects('Why you were told').text).toContain('The silence on disk.usage ended 11:00.');
});

story('of many names that hold some letters, how many more there are is said', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.makesRule(ana, { ...disk, bands: [] });
  for (let i = 0; i < 10; i++) await world.post(usage(`/data${i}x`, 93));
  ana.seen();
  await ana.says('/why ata');
  expect(ana.expects('“ata” stands in 10 names.').text).toContain(
    '2 more are not shown here: type more of the name',
  );
  await ana.presses('Today');
  expect(ana.expects('Today').text).not.toContain('about');
});

story(
  'a name is meant as a whole, then by its beginning; letters inside of many are asked about',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana, 'UTC');
    await world.makesRule(ana, { ...disk, bands: [] });
    for (const subject of ['/home', '/home/ana', '/var']) await world.post(usage(subject, 93));
    ana.seen();
    await ana.says('/why /home');
    const home = ana.expects('about “/home”').text;
    expect(home).toContain('Told: 1 message.');
    expect(home).not.toContain('/home/ana');
    await ana.says('/why a');
    const which = ana.expects('“a” stands in');
    expect(labels(which).flat().toSorted()).toEqual([
      '/home/ana',
      '/var',
      'Disk nearly full',
      'History',
      'Last night',
      'Today',
      'disk.usage',
    ]);
    await ana.presses('/var');
    const told = ana.expects(/^The last day about “\/var”, \w{3} [\d:]+ until now\./).text;
    expect(told).toContain('/var');
    expect(told).not.toContain('/home');
  },
);

story('the past is searched and leafed through', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana, 'UTC');
  await world.enrols(ben, 'UTC');
  await ana.says('/history');
  ana.expects('No alert so far.');
  await world.makesRule(ana, { ...disk, bands: [] });
  for (let i = 0; i < 10; i++) {
    await world.post(usage(`/fs${i}`, 93));
    await world.advance('10m');
    await world.post(usage(`/fs${i}`, 50));
  }
  ana.seen();
  await ana.says('/history');
  const list = ana.expects('10 alerts, newest first, page 1 of 2');
  expect(list.text).toContain('1. ✅ Disk nearly full: /fs9 50, limit 90 ·');
  expect(list.text).toContain('for 10 min');
  await ana.presses('More');
  ana.expects('page 2 of 2');
  await ana.says('/history /fs3');
  ana.expects('1 alert about “/fs3”');
  await ana.presses('Why 1');
  ana.expects('Why you were told');
  await ben.says('/history');
  ben.expects('No alert so far.');
});

story('an alert is found by its name behind a storm of others, and by its topic', async (world) => {
  const { ana } = world;
  await world.enrols(ana, 'UTC');
  await world.makesRule(ana, disk);
  await world.post(usage('/home', 98));
  ana.expects('Disk nearly full: /home');
  await world.advance('5m');
  await world.post(spread.map((i) => usage(`/vol${i}`, 98)));
  await ana.says('/why /home');
  const told = ana.expects('The last day about “/home”').text;
  expect(told).toContain('Told: 1 message.');
  expect(told).not.toContain('I know no topic');
  await ana.says('/why not /home');
  expect(ana.expects('The last day about “/home”').text).toContain('Told: 1 message.');
  await ana.says('/why not');
  const day = ana.expects('The last day, ').text;
  // What was told is listed, however much was gathered after it.
  expect(day).toContain('Storm board\n• 10:00 Alert: Disk nearly full /home\n');
  expect(day).toContain('Told in one message with others:\n• 300, on the board of a storm: Disk nearly full');
  await ana.says('/why disk.usage');
  expect(ana.expects('about “disk.usage”').text).toContain('Told: ');
});
