// Rules that look at more than one event: what never came, too many within a time, and what gets worse.
import { expect } from 'vitest';
import { editRule } from '#operations/edit-rule.ts';
import { pauseRule } from '#operations/pause-rule.ts';
import { kindBook } from '../../src/evaluate/kind-book.ts';
import { story } from './story.ts';

const operator = { is: 'operator', name: 'the story' } as const;

story('a heartbeat that never beat is missed, and its first beat ends it', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, {
    name: 'Backup',
    topic: 'jobs.done',
    match: ['subject = "nightly backup"'],
    kind: 'absence',
    params: { every: '1d', grace: '30m' },
  });
  await world.advance('24h');
  ana.expectsNothing();
  await world.restarts();
  await world.advance('30m');
  expect(ana.expects('Backup: nightly backup').text).toContain('nothing for 1 day, it never came yet');
  // Whichever machine tells of it, it is the same backup.
  await world.post({ type: 'jobs.done', source: 'cad2', subject: 'nightly backup' });
  ana.expects('Backup: nightly backup is over');
  await world.advance('25h');
  ana.expects('Backup: nightly backup');
});

story(
  'who watches for old software is told of 1.3.2, not of 1.10, and hears when it was updated',
  async (world) => {
    const { ana } = world;
    const checkin = (subject: string, version: string) => ({
      type: 'node.checkin',
      subject,
      data: { version },
    });
    await world.enrols(ana);
    await world.post([checkin('node-7', '1.10.0')]);
    for (const line of ['version < 1.4', 'version < 1.3.9']) {
      await ana.says(`/watch node.checkin ${line} named "Outdated ${line.slice(10)}"`);
      ana.expects(`version under ${line.slice(10)}`);
    }
    await world.post([checkin('node-7', '1.10.0'), checkin('node-8', '1.3.2')]);
    await world.advance('1m');
    expect(ana.expects('Outdated 1.4: node-8').text).toContain('1.3.2, limit 1.4');
    await world.post(checkin('node-8', '1.4'));
    await world.advance('1m');
    ana.expects('Outdated 1.4: node-8 is over');
  },
);

story('waiting begins anew when the rule is changed or its pause ends', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  const rule = await world.makesRule(ana, {
    name: 'Backup',
    topic: 'jobs.done',
    match: ['subject = backup'],
    kind: 'absence',
    params: { every: '1h' },
  });
  await world.advance('50m');
  await editRule(
    world.rooms.world,
    operator,
    { ruleId: rule.id, changes: { params: { every: '2h' } }, book: kindBook },
    world.now(),
  );
  await world.advance('1h 50m');
  ana.expectsNothing();
  await pauseRule(world.rooms.world, operator, { ruleId: rule.id, paused: true }, world.now());
  await world.advance('5h');
  ana.expectsNothing();
  await pauseRule(world.rooms.world, operator, { ruleId: rule.id, paused: false }, world.now());
  await world.advance('1h 59m');
  ana.expectsNothing();
  await world.advance('1m');
  expect(ana.expects('Backup').text).toContain('nothing for 2 h');
});

story('each of ten machines is missed on its own, after it was seen once', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, { name: 'Silent', topic: 'node.up', kind: 'absence', params: { every: '10m' } });
  await world.advance('1h');
  ana.expectsNothing();
  await world.post([
    { type: 'node.up', subject: 'a' },
    { type: 'node.up', subject: 'b' },
  ]);
  await world.advance('9m');
  await world.post({ type: 'node.up', subject: 'a' });
  await world.advance('1m');
  ana.expects('Silent: b');
  ana.expectsNothing();
});

const block = (name: string, runtag: string, status = 'fail') => ({
  type: 'builds.vr0.place',
  subject: name,
  data: { block: name, runtag, status },
});

story(
  'more than three blocks fail with the same runtag: one alert, until the hour has passed',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await world.makesRule(ana, {
      name: 'vr0 breaks',
      topic: 'builds.vr0.*',
      match: ['status = fail'],
      kind: 'count',
      params: { moreThan: 3, within: '1h', distinct: 'block' },
      key: ['runtag'],
    });
    await world.post([block('gc_a', 'r1'), block('gc_b', 'r1'), block('gc_c', 'r1'), block('gc_a', 'r1')]);
    await world.post([block('gc_d', 'r2'), block('gc_e', 'r1', 'pass')]);
    ana.expectsNothing();
    await world.advance('30m');
    await world.post(block('gc_d', 'r1'));
    expect(ana.expects('vr0 breaks: r1').text).toContain(
      '4 different block: gc_a, gc_b, gc_c, gc_d; limit 3 in 1 h',
    );
    await world.advance('29m');
    ana.expectsNothing();
    await world.advance('1m');
    ana.expects('vr0 breaks');
    ana.expectsNothing();
  },
);

story('one alert gets worse in place at the critical limit, and no less between the two', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, {
    name: 'Disk',
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90, critical: 95 },
    severity: 'info',
  });
  const disk = (usage: number) => world.post({ type: 'disk.usage', subject: '/home', data: { usage } });
  await disk(92);
  ana.expects('Disk: /home');
  await disk(96);
  const worse = ana.expects('Disk: /home');
  expect(worse.text).toContain('🔴');
  expect(worse.text).toContain('96, critical limit 95');
  await disk(93);
  ana.expectsNothing();
  await disk(50);
  expect(ana.expects('Disk: /home').text).toContain('over');
});

story(
  'a condition of their own that cannot be read is answered in plain words, with the place',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says('/watch disk.usage when "event.usage > "');
    ana.expects('The condition ends in the middle, after “event.usage >”');
    await ana.says('/watch disk.usage when "event.usage > 90 and event.inodes > 90"');
    ana.expects('I cannot read “and” at character 18; write &&');
  },
);
