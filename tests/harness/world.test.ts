// The world of stories works: an event becomes a message, time passes only when told, and failures show the chat.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type StoryWorld, startWorld } from './world.ts';

let world: StoryWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const usage = (value: number) => ({ type: 'disk.usage', subject: '/sarc/cad', data: { usage: value } });
const rule = {
  name: 'Disk nearly full',
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90 },
};

it('tells a person when it breaks and when it is over, and nothing in between', async () => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, rule);
  await world.post(usage(89));
  await world.post(usage(93.5));
  const alert = ana.expects('Disk nearly full');
  expect(alert.text).toContain('93.5');
  await ana.presses('Acknowledge');
  await world.post(usage(94));
  await world.post(usage(80));
  ana.expects(/over/);
  await world.advance('1h');
  ana.expectsNothing();
  expect(await world.wrongs()).toEqual([]);
  expect(world.complaints).toEqual([]);
});

it('lets time pass through every instant that is due', async () => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, { ...rule, for: '5m' });
  const began = world.now();
  await world.post(usage(95));
  ana.expectsNothing();
  await world.advanceTo(began + 299_000);
  ana.expectsNothing();
  await world.advance('2s');
  ana.expects('Disk nearly full');
});

it('shows the chat when an expectation fails', async () => {
  await world.ana.says('/start');
  expect(() => world.ana.expects('something that is never said')).toThrow(/Ana: \/start\n/);
});
