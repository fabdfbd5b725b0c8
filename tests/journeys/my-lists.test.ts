// “Tell me when common builds fail on my block”: one rule for everybody, and each person's own list.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

const build = (block: string, status: string) => ({
  type: 'builds.vr0.route_opt',
  subject: block,
  data: { block, status, runtag: 'myruntag', tns: -50 },
});
const line = '/watch builds.** every where status = fail and block in $me.blocks named "My build failed"';

story('a list that nobody keeps is said when a rule asks for it', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says(line);
  expect(ana.expects('Saved: My build failed').text).toContain(
    'You keep no list $me.blocks, so it is empty here. /my blocks add … begins it.',
  );
  await world.post(build('gc_t', 'good'));
  await ana.says('/my block add gc_t');
  await ana.says('/watch builds.** every where block in $me.blocks');
  expect(ana.expects('Saved').text).toContain('Did you mean $me.block?');
  await ana.says('/my blocks add gc_t');
  await ana.says('/rules');
  await ana.presses('2. My build failed');
  expect(ana.expects('My build failed').text).not.toContain('You keep no list');
});

story(
  'Ana and Ben share one rule and are told of their own blocks only, by lists they keep in chat',
  async (world) => {
    const { ana, ben } = world;
    await world.enrols(ana);
    await world.enrols(ben);
    await ana.says('/my');
    ana.expects('You keep no lists yet');
    await ana.says('/my blocks add gc_t, "gc u"');
    const shown = ana.expects('blocks: 2 in it');
    expect(labels(shown).flat()).toEqual(expect.arrayContaining(['Remove gc_t', 'Remove gc u']));
    await ana.says(line);
    ana.expects('Saved: My build failed');
    await ana.says('/rules');
    await ana.presses('1. My build failed');
    await ana.presses('Share');
    const link = /start=(pack-k_[0-9a-z]+)/.exec(ana.expects('can take the rule').text)?.[1] ?? '';
    await ben.says('/my blocks add other');
    await ben.starts(link);
    await ben.presses('Add this rule');
    ben.expects('Added from');

    await world.post([build('gc_t', 'fail'), build('gc_t', 'good'), build('nobody', 'fail')]);
    ana.expects('gc_t');
    ana.expectsNothing();
    ben.expectsNothing();
    await world.post(build('other', 'fail'));
    ben.expects('other');
    ana.expectsNothing();
  },
);

story('what is added or removed holds for the next event', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/my blocks add gc_t');
  await ana.says(line);
  await ana.says('/my');
  await ana.presses('blocks');
  expect(ana.expects('Used by: My build failed').text).toContain('gc_t');
  await ana.presses('Remove gc_t');
  ana.expects('nothing in it');
  await world.post(build('gc_t', 'fail'));
  ana.expectsNothing();
  await ana.says('/my blocks add gc_t');
  ana.expects('1 in it');
  await world.post(build('gc_t', 'fail'));
  ana.expects('My build failed (route_opt): gc_t');
});

story('a list is deleted only when asked twice, and what is not understood says how', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/my blocks add gc_t');
  await ana.says(line);
  await ana.says('/my blocks frobnicate x');
  ana.expects('I don’t understand “blocks frobnicate x”');
  await ana.says('/my Bl?cks add x');
  ana.expects(/list/i);
  await ana.says('/my blocks');
  await ana.presses('Delete the list');
  ana.expects('These rules ask for it');
  await ana.presses('Keep it');
  ana.expects('blocks: 1 in it');
  await ana.presses('Delete the list');
  await ana.presses('Yes, delete it');
  ana.expects('is deleted');
  await world.post(build('gc_t', 'fail'));
  ana.expectsNothing();
});
