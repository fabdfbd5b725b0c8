// Silence: muting a rule or a topic for a time; nobody who heard that it burns misses that it is over.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });
const build = (status: string) => ({ type: 'builds.vr0.place', subject: 'gc_t', data: { status } });

async function watches(world: StoryWorld) {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
  await world.advance('1m');
  await ana.says('/watch builds.** status becomes failed named "Build failed"');
  ana.expects('Build failed');
}

story(
  'Ana mutes one rule by buttons; the other one goes on; what still burns is told afterwards',
  async (world) => {
    const { ana } = world;
    await watches(world);
    await world.post(build('good'));
    await ana.says('/silence');
    ana.expects('Nothing is muted.');
    await ana.presses('Mute …');
    expect(labels(ana.expects('What shall be muted?')).flat()).toEqual([
      'Disk nearly full',
      'Build failed',
      'Everything',
      'Back',
    ]);
    await ana.presses('Disk nearly full');
    ana.expects('Mute Disk nearly full for how long?');
    await ana.presses('1 h');
    ana.expects('Muted: Disk nearly full until 13:01.');
    await world.advance('10m');
    await world.post([disk('/home', 95), disk('/var', 96)]);
    await world.post(disk('/var', 40));
    ana.expectsNothing();
    await world.post(build('failed'));
    ana.expects('Build failed: gc_t');
    await world.advanceTo(Date.UTC(2026, 4, 4, 11, 0, 59));
    ana.expectsNothing();
    await world.advance('10s');
    ana.expects('🟠 Disk nearly full: /home');
    ana.expectsNothing();
  },
);

story('Ana mutes for tonight and for every weekend by buttons, and types other hours', async (world) => {
  const { ana } = world;
  await watches(world);
  await ana.says('/silence');
  await ana.presses('Mute …');
  await ana.presses('Disk nearly full');
  await ana.presses('Later …');
  ana.expects('When shall Disk nearly full be muted?');
  await ana.presses('Tonight 22–7');
  ana.expects('Will be muted: Disk nearly full from 22:00 until Tue 7:00.');
  await ana.says('/silence builds.**');
  await ana.presses('Every week …');
  expect(labels(ana.expects('In which hours of every week')).flat()).toEqual([
    'Every night 22–7',
    'Weekends',
    'Evenings and weekends',
    'other',
    'Back',
  ]);
  await ana.presses('Weekends');
  ana.expects('Will be muted: builds.** every week Sat-Sun.');
  await ana.says('/silence disk.usage');
  await ana.presses('Every week …');
  await ana.presses('other');
  ana.expects('Type the hours of every week');
  await ana.says('whenever');
  ana.expects('whenever');
  await ana.says('Sat 2-4');
  ana.expects('Will be muted: disk.usage every week Sat 02:00-04:00.');
  await ana.says('/silence disk.usage');
  await ana.presses('Later …');
  await ana.presses('other');
  await ana.says('soon');
  ana.expects('I do not understand this. Say how long and from when.');
  await ana.says('30m from 23:00');
  ana.expects('Will be muted: disk.usage from 23:00 until 23:30.');
  await ana.says('/silence');
  ana.expects('Muted, now or later:');
});

story('Ana says when in her own words, and hears what was understood', async (world) => {
  const { ana } = world;
  await watches(world);
  await world.post(disk('/home', 5));
  for (const [typed, heard] of [
    ['disk.usage tomorrow 10-12', 'Will be muted: disk.usage from Tue 10:00 until Tue 12:00.'],
    ['disk.usage until monday 8', 'Muted: disk.usage until Mon 11 May 8:00.'],
    ['disk.usage for 2h', 'Muted: disk.usage until 14:01.'],
    ['disk.usage tonight', 'Will be muted: disk.usage from 22:00 until Tue 7:00.'],
    ['Disk nearly full until 18:00', 'Muted: Disk nearly full until 18:00.'],
    ['“build failed” tomorrow', 'Will be muted: Build failed from Tue 0:00 until Wed 0:00.'],
    ['disk.usage 1 dec 10-12', 'Will be muted: disk.usage from Tue 1 Dec 10:00 until Tue 1 Dec 12:00.'],
    ['disk.usage monday-friday 9-17', 'Will be muted: disk.usage Mon-Fri 09:00-17:00 until Sat 0:00.'],
    ['disk.usage mon-fri 22-6', 'Will be muted: disk.usage Mon-Fri 22:00-06:00 until Sat 6:00.'],
    ['30m', 'Muted: Everything until 12:31.'],
  ]) {
    await ana.says(`/silence ${typed}`);
    expect(ana.expects('uted:').text).toBe(heard);
    await ana.presses('Lift 1');
  }
  await ana.says('/silence dsk.usage 2h');
  expect(ana.expects('Muted: dsk.usage until 14:01.').text).toContain(
    'Nothing has come under dsk.usage yet. There is disk.usage.',
  );
  await ana.says('/silence disk.usage until 3 may');
  expect(ana.expects('Which year is meant?').text).toContain('such as 1 dec 2027');
  await ana.says('/silence satellite');
  ana.expects('satellite for how long?');
  await ana.says('/silence net.zzz');
  expect(ana.expects('for how long?').text).toContain('Nothing has come under net.zzz yet.');
});

story('the same hours of each of some days are muted, and the nights between are not', async (world) => {
  const { ana } = world;
  await watches(world);
  await ana.says('/silence disk.usage tuesday-wednesday 9-17');
  ana.expects('Will be muted: disk.usage Tue-Wed 09:00-17:00 from Tue 0:00 until Thu 0:00.');
  for (const day of [5, 6]) {
    await world.advanceTo(Date.UTC(2026, 4, day, 10));
    await world.post(disk('/home', 95));
    ana.expectsNothing();
    await world.advanceTo(Date.UTC(2026, 4, day, 15, 1));
    ana.expects('🟠 Disk nearly full: /home');
    await world.post(disk('/home', 5));
    ana.expects('is over');
  }
  await world.advanceTo(Date.UTC(2026, 4, 7, 10));
  await world.post(disk('/home', 95));
  ana.expects('🟠 Disk nearly full: /home');
});

story('who heard that it burns hears that it is over, also while it is muted', async (world) => {
  const { ana } = world;
  await watches(world);
  await world.post(disk('/home', 95));
  ana.expects('Disk nearly full: /home');
  await ana.says('/silence disk.usage 2h');
  ana.expects('Muted: disk.usage until 14:01.');
  await world.advance('30m');
  await world.post(disk('/home', 50));
  ana.expects('✅ Disk nearly full: /home is over');
  await world.post(disk('/home', 99));
  ana.expectsNothing();
  await world.advance('10m');
  await world.post(disk('/home', 20));
  await world.advance('3h');
  ana.expectsNothing();
});

story('a lifted silence tells at once what burns', async (world) => {
  const { ana } = world;
  await watches(world);
  await ana.says('/silence disk.** for 1 day');
  ana.expects('Muted: disk.** until Tue 12:01.');
  await world.post(disk('/home', 95));
  ana.expectsNothing();
  await ana.says('/silence');
  expect(ana.expects('Muted now:').text).toContain('1. disk.** until Tue 12:01, by Ana');
  expect((await ana.presses('Lift 1')).text).toBe('Lifted. It is told again.');
  ana.expects('🟠 Disk nearly full: /home');
});

story('the same again makes it longer or says that it is so; off lifts one or all', async (world) => {
  const { ana } = world;
  await watches(world);
  await world.post([disk('/home', 5), build('good')]);
  await ana.says('/silence disk.usage 2h');
  ana.expects('Muted: disk.usage until 14:01.');
  await ana.says('/silence disk.usage 2h');
  ana.expects('Nothing was added. Muted already: disk.usage until 14:01.');
  await ana.says('/silence disk.usage 1h');
  ana.expects('Nothing was added. Muted already: disk.usage until 14:01.');
  await ana.says('/silence disk.usage until 18:00');
  ana.expects('Made longer. Muted: disk.usage until 18:00.');
  await ana.says('/silence Disk nearly full 2h');
  ana.expects('Muted: Disk nearly full until 14:01.');
  await ana.says('/silence builds.** tomorrow 10-12');
  await ana.says('/silence builds.** tomorrow 11-13');
  ana.expects('Made longer. Will be muted: builds.** from Tue 10:00 until Tue 13:00.');
  await ana.says('/silence every Sat 2-4');
  await ana.says('/silence every Sat 2-4');
  ana.expects('Nothing was added. Muted already: Everything every week Sat 02:00-04:00.');
  await ana.says('/silence');
  const all = ana.expects('To lift all: /silence off');
  expect(labels(all).flat()).toEqual(['Lift 1', 'Lift 2', 'Lift 3', 'Lift 4', 'Mute …']);
  await world.post(disk('/home', 95));
  ana.expectsNothing();
  await ana.says('/silence disk.usage off');
  ana.expects('Lifted: disk.usage. It is told again.');
  await ana.says('/silence disk.usage off');
  ana.expects('disk.usage is not muted.');
  await ana.says('/silence off');
  const asked = ana.expects('Shall all 3 be lifted?');
  expect(asked.text).toContain('Muted, now or later:');
  expect(labels(asked).flat()).toEqual(['Lift 1', 'Lift 2', 'Lift 3', 'Lift all 3', 'Keep']);
  await ana.presses('Keep');
  ana.expects('Muted, now or later:');
  await ana.says('/silence lift');
  await ana.presses('Lift all 3');
  ana.expects('Lifted: Disk nearly full, Everything, builds.**. All of it is told again.');
  ana.expects('🟠 Disk nearly full: /home');
  await ana.says('/silence off');
  ana.expects('Nothing is muted.');
  await ana.says('/silence every Sat 2-4');
  await ana.says('/silence off');
  ana.expects('Shall it be lifted?');
  await ana.presses('Lift it');
  ana.expects('Lifted: Everything. It is told again.');
});

story('silences that cannot be understood say what would be', async (world) => {
  const { ana } = world;
  await watches(world);
  await ana.says('/silence disk.usage soonish');
  expect(ana.expects('I don’t understand “disk.usage soonish”.').text).toContain('/silence disk.usage 2h');
  await ana.says('/silence disk.usage');
  ana.expects('Mute disk.usage for how long?');
  await ana.presses('15 min');
  ana.expects('Muted: disk.usage until 12:16.');
});

story('what a silence held is told in one message when it is lifted, and when it ends', async (world) => {
  const { ana } = world;
  await watches(world);
  const disks = Array.from({ length: 8 }, (_, i) => disk(`/d${i + 1}`, 95));
  for (const way of ['lifted', 'over'] as const) {
    await ana.says('/silence disk.usage 1h');
    ana.expects('Muted: disk.usage');
    await world.post(disks);
    await world.advance('1m');
    ana.expectsNothing();
    if (way === 'lifted') {
      await ana.says('/silence off');
      ana.expects('Lifted: disk.usage.');
    } else await world.advance('1h');
    await world.advance('5s');
    expect(ana.expects('While it was muted').text).toContain('Still burning: 8');
    ana.expectsNothing();
    await world.post(disks.map(({ subject }) => disk(subject, 40)));
    await world.advance('1m');
    ana.seen();
    await ana.says('/alerts');
    ana.expects('Nothing burns');
  }
});
