// Hours of the week: work hours 90 here, otherwise 97 there; and rules that wait for, feed and try out one another.
import { Temporal } from 'temporal-polyfill';
import { expect } from 'vitest';
import { addReceiver, receiversOf } from '#store/receivers.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage } });

/** The next such day and time by Berlin's clock. */
function next(world: StoryWorld, day: number, time: string): number {
  const here = Temporal.Instant.fromEpochMilliseconds(world.now()).toZonedDateTimeISO('Europe/Berlin');
  for (let ahead = 0; ; ahead++) {
    const there = here.toPlainDate().add({ days: ahead });
    const instant = there.toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: time }).epochMilliseconds;
    if (there.dayOfWeek === day && instant > world.now()) return instant;
  }
}

/** Gives Ana a second address, the telephone at home, which is Ben's here; the id of her first one. */
async function atHome(world: StoryWorld): Promise<string> {
  const { ana, ben } = world;
  const ownerId = await world.enrols(ana);
  await world.enrols(ben);
  const { db } = world.rooms.world.database;
  const [first] = await receiversOf(db, [ownerId]);
  await addReceiver(db, {
    id: 'v_home',
    ownerId,
    channel: 'telegram',
    address: String(ben.id),
    label: 'home',
    createdAt: world.now(),
  });
  return first!.id;
}

const workAndHome = {
  name: 'Disk nearly full',
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90 },
  bands: [{ when: 'Mon-Fri 09:00-18:00' }, { when: 'otherwise', params: { limit: 97 }, to: ['home'] }],
};

story(
  'a disk at 93 waits for the work hours; at 98 the night is told, and work hears of it in the morning',
  async (world) => {
    const { ana, ben } = world;
    const work = await atHome(world);
    await world.makesRule(ana, { ...workAndHome, to: [work] });

    await world.advanceTo(next(world, 1, '20:00'));
    await world.post(disk(93));
    ana.expectsNothing();
    ben.expectsNothing();
    await world.restarts();
    await world.advanceTo(next(world, 2, '09:00'));
    expect(ana.expects('🟠 Disk nearly full: /home').text).toContain('93, limit 90.');
    ben.expectsNothing();

    // In the evening it goes on quietly, and above the limit of the night, home is told too.
    await world.advanceTo(next(world, 2, '20:00'));
    await world.post(disk(94));
    ana.expectsNothing();
    ben.expectsNothing();
    await world.post(disk(98));
    expect(ben.expects('🟠 Disk nearly full: /home').text).toContain('98, limit 97.');
    ana.expectsNothing();
    await world.post(disk(93));
    ben.expectsNothing();

    await world.advanceTo(next(world, 3, '03:00'));
    await world.post(disk(80));
    ana.expects('is over');
    ben.expects('is over');
  },
);

story(
  'more than three blocks of one run fail: the rule that counts feeds the rule that tells',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await world.makesRule(ana, {
      name: 'Blocks fail together',
      topic: 'builds.vr0.**',
      match: ['status = fail'],
      kind: 'count',
      params: { moreThan: 3, within: '1h', distinct: 'block' },
      key: ['runtag'],
      to: [],
      emit: 'flow.trouble',
    });
    await world.makesRule(ana, {
      name: 'Flow in trouble',
      topic: 'flow.trouble',
      kind: 'every',
      severity: 'critical',
    });
    const fail = (block: string) => ({
      type: 'builds.vr0.place',
      subject: block,
      data: { block, runtag: 'run7', status: 'fail' },
    });
    for (const block of ['a', 'b', 'b', 'c']) await world.post(fail(block));
    ana.expectsNothing();
    await world.post(fail('d'));
    expect(ana.expects('🔴').text).toContain('run7');
    await world.advance('2h');
    ana.expects('is over');
  },
);

story(
  'while the router is down, its hosts are not told; one that stays down is told afterwards',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    const down = (name: string, topic: string) => ({
      name,
      topic,
      kind: 'threshold',
      params: { field: 'up', op: '<', limit: 1 },
    });
    await world.makesRule(ana, down('Router down', 'net.router'));
    await world.makesRule(ana, { ...down('Host down', 'net.host'), unless: [{ rule: 'Router down' }] });
    const up = (topic: string, subject: string, value: number) =>
      world.post({ type: topic, subject, data: { up: value } });
    await up('net.router', 'core', 0);
    ana.expects('Router down: core');
    await up('net.host', 'web', 0);
    await up('net.host', 'mail', 0);
    await world.advance('10m');
    ana.expectsNothing();
    await up('net.host', 'mail', 1);
    await up('net.router', 'core', 1);
    ana.expects('Router down: core');
    ana.expects('Host down: web');
    await world.advance('5m');
    ana.expectsNothing();
    await up('net.host', 'web', 1);
    ana.expects('is over');
  },
);
