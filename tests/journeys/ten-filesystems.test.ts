// Seed 004: ten filesystems, one wish made in chat, and only what matters is told, once.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

const names = ['/', '/home', '/var', '/tmp', '/opt', '/srv', '/data', '/scratch', '/tools', '/sarc/cad'];
const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });
const halfHour = (usages: number[]) => names.map((name, i) => disk(name, usages[i]!));
const calm = [41, 71, 44, 12, 50, 61, 55, 80, 33, 85];

story('Ana watches ten filesystems with one rule, made in the chat by pressing', async (world) => {
  const { ana } = world;
  await world.post(halfHour(calm));
  await world.advance('30m');
  await world.post(halfHour(calm));
  await world.enrols(ana);
  await ana.says('/subscribe');
  expect(labels(ana.expects('What shall I watch?')).flat()[0]).toContain('disk.usage · 10 things');
  await ana.presses('disk.usage');
  await ana.presses('usage');
  expect(ana.expects('Tell you when usage is above').text).toContain('Seen: 12 – 85');
  await ana.presses('90');
  await ana.presses('same');
  expect(ana.expects('Is it right so?').text).toContain('Any disk.usage: usage over 90');
  await ana.presses('Save');
  ana.expects('Saved');

  await world.advance('30m');
  await world.post(halfHour([...calm.slice(0, 6), 91.2, 80, 33, 93.5]));
  // Two of one moment: which comes first says nothing.
  const both = [ana.expects(/limit 90/).text, ana.expects(/limit 90/).text].sort().join('\n');
  expect(both).toMatch(/\/data\n91\.2, limit 90\.[\s\S]*\/sarc\/cad\n93\.5, limit 90\./);
  ana.expectsNothing();
  await world.advance('30m');
  await world.post(halfHour([...calm.slice(0, 6), 91.2, 80, 33, 93.5]));
  ana.expectsNothing();
  await ana.says('/alerts');
  expect(ana.expects('2 alerts burn').text).toContain('/sarc/cad');
});

story('what gets worse is edited in silently, and the end is told with how long it took', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 severity warning named "Disk nearly full"');
  ana.expects('Saved: Disk nearly full');
  await world.post(halfHour([...calm.slice(0, 9), 93.5]));
  const told = ana.expects('🟠 Disk nearly full: /sarc/cad');
  expect(labels(told).flat()).toEqual(expect.arrayContaining(['Acknowledge', 'Snooze', 'Why']));
  expect(told.silent).toBe(false);
  await world.advance('4m');
  expect((await ana.presses('Acknowledge')).text).toBe('Acknowledged. Thank you.');
  expect(ana.expects('Acknowledged by Ana').message_id).toBe(told.message_id);

  await world.advance('26m');
  await world.post(disk('/sarc/cad', 96));
  await world.advance('1m');
  expect(ana.expects('96, limit 90.').message_id).toBe(told.message_id);
  ana.expectsNothing();
  await world.advance('10m');
  await world.post(disk('/sarc/cad', 84));
  const over = ana.expects(/^✅ Disk nearly full: \/sarc\/cad is over/);
  expect(over.text).toContain('84, limit 90, after 41 min. Acknowledged by Ana.');
  expect(over.message_id).not.toBe(told.message_id);
  await world.advance('1d');
  ana.expectsNothing();
});

story('Why says which rule, which event and when, in a toast and then at length', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
  await world.post(disk('/sarc/cad', 89.9));
  await world.post(disk('/sarc/cad', 93.5));
  ana.expects('Disk nearly full: /sarc/cad');
  expect((await ana.presses('Why')).text).toMatch(/^Rule “Disk nearly full”\. 12:\d\d \/sarc\/cad: 93\.5/);
  const why = ana.expects('Why you were told: the rule “Disk nearly full” (topic disk.usage, usage over 90)');
  expect(why.text).toContain('12:00 fired: 93.5, limit 90 (event 2 from bootstrap). It was 89.9 before.');
  expect(why.text).toMatch(/Alert: sent 12:00 to Telegram/);
});
