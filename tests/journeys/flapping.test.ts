// A value that comes and goes: only what lasts is told, and the end needs room below the limit.
import { expect } from 'vitest';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage } });

story('“for 5m”: what flaps within five minutes is never told', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 for 5m named "Disk nearly full"');
  ana.expects('usage over 90 for 5 min');
  for (let minute = 0; minute < 60; minute += 4) {
    await world.post(disk(95));
    await world.advance('3m');
    await world.post(disk(85));
    await world.advance('1m');
  }
  await ana.says('/alerts');
  ana.expects('Nothing burns');
  ana.expectsNothing();
  await world.post(disk(95));
  await world.advance('299s');
  await world.post(disk(96));
  ana.expectsNothing();
  await world.advance('1s');
  const told = ana.expects('🟠 Disk nearly full: /home');
  expect(told.text).toContain('96, limit 90.');
  await world.advance('1m');
  await world.post(disk(85));
  expect(ana.expects('is over').text).toContain('85, limit 90, after 6 min.');
});

story('“clear 85”: between the limits it neither ends nor begins again', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 clear 85 named "Disk nearly full"');
  ana.expects('usage over 90 (until 85)');
  await world.post(disk(91));
  ana.expects('🟠 Disk nearly full: /home');
  for (const usage of [89, 91, 86, 92, 85.1]) {
    await world.advance('1m');
    await world.post(disk(usage));
  }
  ana.expectsNothing();
  await world.post(disk(84));
  expect(ana.expects('is over').text).toContain('after 5 min.');
  await world.post(disk(88));
  ana.expectsNothing();
});

story('“keep 10m”: the end must last before it counts', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 keep 10m named "Disk nearly full"');
  ana.expects('Saved');
  await world.post(disk(91));
  ana.expects('🟠 Disk nearly full: /home');
  await world.advance('5m');
  await world.post(disk(80));
  await world.advance('5m');
  await world.post(disk(95));
  await world.advance('20m');
  ana.expectsNothing();
  await world.post(disk(80));
  await world.advance('599s');
  ana.expectsNothing();
  await world.advance('1s');
  ana.expects('✅ Disk nearly full: /home is over');
});

story('the fourth time in a month says that it is the fourth', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
  ana.expects('Saved');
  for (let day = 0; day < 3; day++) {
    await world.post(disk(95));
    await world.advance('10m');
    await world.post(disk(20));
    await world.advance('1d');
  }
  await world.post(disk(95));
  expect(ana.last()?.text).toContain('4th time in 30 days');
});
