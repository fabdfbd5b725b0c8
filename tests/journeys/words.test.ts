// A rule's own words, written in the chat: seen before they are saved, refused with a reason, and told.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage, host: 'cad1' } });

story(
  'Ana gives her rule words of its own and sees them on its last alert before she saves',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
    await world.post(disk(93));
    ana.expects('🟠 Disk nearly full: /home');
    await ana.says('/rules');
    await ana.presses('1. Disk nearly full');
    await ana.presses('Words');
    expect(ana.expects('is told in the usual words').text).toContain('Its last alert would read:');
    await ana.presses('First line');
    ana.expects('First line: as usual now. Type your own.');
    await ana.says('{{ subject | nonsense }} on {{ fields.host');
    ana.expects(/First line: .+/);
    await ana.says('{{ subject }} on {{ fields.host }} is at {{ value }}');
    const seen = ana.expects('words of its own, not saved yet');
    expect(seen.text).toContain('/home on cad1 is at 93');
    expect(labels(seen).flat()).toEqual(expect.arrayContaining(['Save', 'Usual words', 'Back']));
    expect((await ana.presses('Save')).text).toBe('Saved.');
    await world.post(disk(50));
    await world.post(disk(95));
    ana.expects('/home on cad1 is at 95');

    await ana.says('/rules');
    await ana.presses('1. Disk nearly full');
    await ana.presses('Words');
    await ana.presses('Usual words');
    ana.expects('the usual words, not saved yet');
    await ana.presses('Save');
    await world.post(disk(40));
    await world.post(disk(96));
    ana.expects('🟠 Disk nearly full: /home');
  },
);

story('a rule that never fired shows an example, and Back changes nothing', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
  await ana.says('/rules');
  await ana.presses('1. Disk nearly full');
  await ana.presses('Words');
  expect(ana.expects('An example would read:').text).toMatch(/As a text message: .*93\.5, limit 90\.$/m);
  await ana.says('just some text');
  ana.expects('Press a button first');
  await ana.presses('Text');
  await ana.presses('Back');
  await ana.presses('Back');
  ana.expects('Disk nearly full');
});
