// A rule that one person made well becomes everybody's by a link, and a change of it is offered, not forced.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { kindBook } from '../../src/evaluate/kind-book.ts';
import { savePack } from '../../src/operations/save-pack.ts';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage } });
const linkIn = (text: string) => /start=(pack-k_[0-9a-z]+)/.exec(text)?.[1] ?? '';

story('Ana shares a rule, Ben takes it as his own, and takes over what she changes later', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
  await ana.says('/rules');
  await ana.presses('1. Disk nearly full');
  await ana.presses('Share');
  const link = linkIn(ana.expects('take the rule as their own').text);
  expect(link).not.toBe('');

  await ben.starts(link);
  expect(ben.expects('Disk nearly full, shared by Ana').text).toContain('disk.usage, usage over 90');
  await ben.presses('Add this rule');
  ben.expects('Added from “Disk nearly full”');
  await ben.starts(link);
  ben.expects('You have this rule already');
  await world.post(disk(93));
  ben.expects('93, limit 90');
  ana.expects('93, limit 90');
  await world.post(disk(50));
  ben.expects('is over');

  await ana.says('/rules');
  await ana.presses('1. Disk nearly full');
  await ana.presses('Edit');
  await ana.presses('Limit');
  await ana.says('95');
  await ana.presses('Save');
  await ana.says('/rules');
  await ana.presses('1. Disk nearly full');
  await ana.presses('Share');
  ben.expects('has changed. Yours stays as it is');
  await ben.says('/rules');
  await ben.presses('1. Disk nearly full');
  expect(ben.expects('has changed since').text).toContain('limit: 90 → 95');
  await ben.presses('Take the change');
  expect(ben.expects('usage over 95').text).toContain('Taken from the pack');
  await world.post(disk(93));
  ben.expectsNothing();
});

story('a pack asks for what it does not know, with the usual answer as a button', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  const document = {
    title: 'Storage node',
    description: 'What every operator of a node wants to hear of.',
    asks: [
      { name: 'node', label: 'Name of your node', input: 'text' },
      { name: 'limit', label: 'Fullest disk', hint: 'in per cent', input: 'number', usual: 90 },
    ],
    rules: [
      {
        name: 'Disk of {{node}}',
        topic: 'disk.usage',
        match: ['subject = "{{node}}"'],
        kind: 'threshold',
        params: { field: 'usage', op: '>', limit: '{{limit}}' },
      },
      { name: 'Everything of {{node}}', topic: 'node.**', match: ['subject = "{{node}}"'], kind: 'every' },
    ],
  };
  const made = await savePack(
    world.rooms.world,
    { is: 'operator', name: 'test' },
    { document, book: kindBook },
    world.now(),
  );
  expect(made).toMatchObject({ ok: true });
  await ana.says('/packs');
  ana.expects('Rules ready to be taken');
  await ana.presses('Storage node');
  ana.expects('What every operator of a node wants to hear of.');
  await ana.presses('Add these 2 rules');
  ana.expects('Name of your node');
  await ana.says('/ho"me');
  expect(labels(ana.expects('Fullest disk: in per cent')).flat()).toContain('90');
  await ana.says('much');
  ana.expects('“much” is no number');
  await ana.presses('90');
  expect(ana.expects('Added from “Storage node”').text).toContain('Disk of /ho');
  await world.post({ type: 'disk.usage', subject: '/ho"me', data: { usage: 91 } });
  ana.expects('91, limit 90');
});

story('a pack that was given up, or never was, is no dead end', async (world) => {
  const { ana, charlie } = world;
  await world.enrols(ana);
  await ana.starts('pack-k_0123456789abcdefghjk');
  ana.expects('This pack is no longer offered.');
  await ana.says('/packs');
  ana.expects('No packs are offered yet');
  await charlie.starts('pack-k_0123456789abcdefghjk');
  expect(charlie.transcript()).toContain('This invitation is not valid');
});
