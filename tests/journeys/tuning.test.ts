// A rule that is put aside again and again: once it is offered to make it quieter, and one press does it.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });
const rule = {
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90, clear: 88 },
  name: 'Disk',
};

async function putAside(world: StoryWorld, times: number, from = 0) {
  for (let i = from; i < from + times; i++) {
    await world.post(disk(`/d${i}`, i === 0 ? 97 : 92));
    world.ana.expects(`Disk: /d${i}`);
    await world.advance('10s');
    expect((await world.ana.presses('Resolve')).text).toBe('Resolved.');
    await world.post(disk(`/d${i}`, 10));
    await world.advance('2h');
  }
}

story(
  'after the fifth time it is offered with numbers, once, and one press changes the rule',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    const made = await world.makesRule(ana, rule);
    await putAside(world, 4);
    expect(ana.transcript()).not.toContain('Shall it be quieter');
    await putAside(world, 1, 4);
    const offered = ana.expects('Disk was put aside 5 times in 14 days. Shall it be quieter?');
    expect(offered.text).toContain('it would have told 5 times');
    expect(labels(offered).flat()).toEqual([
      'Limit 95: 1 instead of 5',
      expect.stringMatching(/^Only Mon–Fri 9–18: \d instead of 5$/),
      'After 5 min: 0 instead of 5',
      'Gather what comes here hourly',
      'Pause it',
      'Leave it as it is',
    ]);
    await putAside(world, 2, 5);
    expect(ana.transcript().match(/Shall it be quieter/g)).toHaveLength(1);
    await ana.presses('Limit 95: 1 instead of 5');
    const done = ana.expects('Disk: limit 90 → 95.');
    expect(labels(done)).toEqual([['Undo', 'The rule']]);
    await world.post(disk('/quiet', 94));
    expect(ana.transcript()).not.toContain('Disk: /quiet');
    await ana.presses('Undo');
    ana.expects('Disk: limit 95 → 90.');
    await world.post(disk('/loud', 94));
    ana.expects('Disk: /loud');
    await ana.says('/rules');
    await ana.presses('1. Disk');
    await ana.presses('Quieter …');
    ana.expects('How to make Disk quieter.');
    expect(made.name).toBe('Disk');
  },
);

story('left as it is, it is not offered again for a month', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, rule);
  await putAside(world, 5);
  ana.expects('Shall it be quieter?');
  await ana.presses('Leave it as it is');
  ana.expects('Disk stays as it is. I will not ask again for 30 days.');
  await world.advance('20d');
  await putAside(world, 6, 10);
  expect(ana.transcript()).not.toContain('Shall it be quieter');
  await world.advance('11d');
  await putAside(world, 1, 20);
  ana.expects('Shall it be quieter?');
});

story('hours, a wait, gathering and a pause are each one press, and each has a way back', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, rule);
  await ana.says('/rules');
  const quieter = async () => {
    await ana.says('/rules');
    await ana.presses('1. Disk');
    await ana.presses('Quieter …');
    return ana.expects('How to make Disk quieter.');
  };
  // Nothing came yet: the numbers say so instead of guessing.
  expect((await quieter()).text).toContain('would have told nothing');
  await ana.presses('Only Mon–Fri 9–18: 0 instead of 0');
  ana.expects('Disk: told at any hour → Mon-Fri 09:00-18:00.');
  await ana.presses('Undo');
  ana.expects('Mon-Fri 09:00-18:00 → at any hour.');
  await quieter();
  await ana.presses('After 5 min: 0 instead of 0');
  ana.expects('Disk: told at once → after 5 min.');
  await quieter();
  await ana.presses('Gather what comes here hourly');
  ana.expects('is gathered: one message an hour');
  await ana.presses('Undo');
  ana.expects('told as it comes');
  await quieter();
  await ana.presses('Pause it');
  ana.expects('watching → paused');
  await ana.presses('Undo');
  ana.expects('Disk');
});
