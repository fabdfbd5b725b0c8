// The process ends and another begins: in the middle of the wizard, of a wait, of a snooze and of a night.
import { expect } from 'vitest';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage } });

story('the wizard goes on where it was, also when the answer is typed', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post(disk(71));
  await ana.says('/subscribe');
  const asked = ana.expects('What shall I watch?');
  await world.restarts();
  await ana.presses('disk.usage');
  await world.restarts();
  await ana.presses('usage');
  await ana.presses('other');
  await world.restarts();
  await ana.says('88');
  await world.restarts();
  for (const label of ['same', 'Change', 'How long', '5 min']) await ana.presses(label);
  await world.restarts();
  for (const label of ['Change', 'Severity', 'critical']) await ana.presses(label);
  await world.restarts();
  await ana.presses('Save');
  const saved = ana.expects('Saved');
  expect(saved.message_id).toBe(asked.message_id);
  expect(saved.text).toContain('usage over 88 for 5 min; 🔴 critical; told to you here.');
  await world.post(disk(90));
  await world.restarts();
  await world.advance('5m');
  ana.expects('🔴 disk.usage');
});

story('a question that a newer Tocsin cannot go on with says that it was closed', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post(disk(71));
  await ana.says('/subscribe');
  await ana.presses('disk.usage');
  ana.expects('What about it');
  await world.restarts();
  await world.rooms.world.database.sql`update conversations set value = jsonb_set(value, '{version,1}', '0')`;
  expect((await ana.presses('usage')).text).toContain('This question was closed.');
  ana.expects('the question we were in was closed. Nothing was saved; begin again with /subscribe.');
  await ana.says('/subscribe');
  ana.expects('What shall I watch?');
});

story('what was said while nobody listened is answered afterwards, in order', async (world) => {
  const { ana, telegram } = world;
  await world.enrols(ana);
  for (const text of ['/watch disk.usage usage > 90 named "One"', '/rules', '/alerts'])
    telegram.person(ana.id).say(text);
  await world.restarts();
  ana.expects('Saved: One.');
  ana.expects('1. One: disk.usage, usage over 90');
  ana.expects('Nothing burns. 1 rule is watching');
});

story('snoozes and quiet hours end on time though the process is another', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "Disks"');
  await world.post(disk(95));
  ana.expects('🟠 Disks: /home');
  await ana.presses('Snooze');
  await ana.presses('1 h');
  await world.restarts();
  await world.advance('61m');
  ana.expects('Still burning: Disks: /home');
  await ana.says('/quiet 22-7');
  ana.expects('Quiet from 22:00 to 7:00');
  await world.advanceTo(Date.UTC(2026, 4, 4, 21, 0));
  await world.post([{ ...disk(97), subject: '/var' }, disk(40)]);
  ana.expectsNothing();
  await world.restarts();
  await world.advanceTo(Date.UTC(2026, 4, 5, 5, 0));
  const morning = ana.expects('🌙 While it was quiet');
  expect(morning.text).toMatch(/Still burning: 1\n.*\/var[\s\S]*Over: 1\n.*\/home/);
});
