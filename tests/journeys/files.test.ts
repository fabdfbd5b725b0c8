// Rules leave as a file and come back as one: Ana sends hers, Ben takes them.
import { expect } from 'vitest';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

/** The last document that the bot sent there. */
async function lastFile({ telegram }: StoryWorld, chat: number): Promise<{ name: string; text: string }> {
  const sent = telegram.messages(chat).filter(({ document, fromBot }) => document && fromBot);
  const document = sent.at(-1)?.document;
  expect(document, 'a document was sent').toBeDefined();
  const root = `${telegram.apiRoot}/bot${telegram.token}/getFile?file_id=${document!.file_id}`;
  const { result } = (await (await fetch(root)).json()) as { result: { file_path: string } };
  const answer = await fetch(`${telegram.apiRoot}/file/bot${telegram.token}/${result.file_path}`);
  return { name: document!.file_name ?? '', text: await answer.text() };
}

story(
  'Ana sends her rules as a file, Ben sends it to the bot and takes them with one press',
  async (world) => {
    const { ana, ben } = world;
    await world.enrols(ana);
    await world.enrols(ben);
    await ana.says('/watch disk.usage usage > 90 weekdays 9-18, otherwise 97 named "Disk nearly full"');
    await ana.says('/watch host.alive absent for 5m');
    await ana.says('/export');
    const { name, text } = await lastFile(world, ana.id);
    expect(name).toBe('tocsin-rules-2026-05-04.yaml');
    expect(text).toContain('name: Disk nearly full');
    expect(text).not.toContain('owner');

    await ben.sends(name, text);
    const look = ben.expects('This file holds:');
    expect(look.text).toContain('2 new');
    await ben.says('/rules');
    ben.expects(/no rules/i);
    await ben.presses('Take these 2 rules');
    ben.expects('Done: 2 new');
    await world.post({ type: 'disk.usage', subject: '/home', data: { usage: 98 } });
    ben.expects('Disk nearly full');
    // The same file again, and the same press again.
    await ben.sends(name, text);
    ben.expects('All of it is here already');
    await ben.sends(name, text.replace('limit: 90', 'limit: 91'));
    expect(ben.expects('This file holds:').text).toContain('1 that replace');
    await ben.presses('Take this rule');
    ben.expects('Done: 1 changed, 1 as before');
  },
);

story(
  'her lists go with her rules, and Ben’s copy of the rules asks for his copy of the lists',
  async (world) => {
    const { ana, ben } = world;
    await world.enrols(ana);
    await world.enrols(ben);
    await ana.says('/my blocks add gc_t');
    await ana.says('/watch builds.place every where subject in $me.blocks named "My blocks"');
    await ana.says('/export');
    const { name, text } = await lastFile(world, ana.id);
    expect(text).toContain('list: blocks');
    await ben.sends(name, text);
    expect(ben.expects('This file holds:').text).toContain('2 new');
    await ben.presses('Take these 2 rules');
    ben.expects('Done: 2 new');
    await ben.says('/my');
    ben.expects(/blocks/);
    await world.post({ type: 'builds.place', subject: 'gc_t', data: {} });
    ben.expects('My blocks');
    await ben.sends(name, text);
    ben.expects('All of it is here already');
    await ben.sends('broken.yaml', '- list: Blocks of mine\n  items: [a]\n- list: some\n');
    expect(ben.expects(/taken|list is like/).text).toMatch(/line 3: .*a list is like/);
  },
);

story('what is wrong in a file is told with its line, and nothing is taken', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/import');
  ana.expects('Send me a file of rules');
  await ana.sends(
    'mine.yml',
    '- topic: disk.usage\n  kind: threshold\n  params: {field: usage, op: ">", limit: high}\n',
  );
  const told = ana.expects('Nothing in this file can be taken');
  expect(told.text).toMatch(/line 3: .*limit/);
  await ana.sends('mine.yaml', '- topic: [unclosed');
  ana.expects('Nothing in this file can be taken');
  await ana.sends('photo.pdf', 'x');
  ana.expects('I cannot read “photo.pdf”');
  await ana.sends('large.ndjson', 'x'.repeat(1_100_000));
  ana.expects('larger than 1024 KB');
  await ana.says('/export');
  ana.expects('You have no rules yet');
  await ana.says('/export ymal');
  ana.expects('I don’t know the form “ymal”');
  await ana.presses('As yaml');
  ana.expects('You have no rules yet');
});

story('in a group its admins send a file with /import below it; for others it is refused', async (world) => {
  const { ana, ben, team } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  team.join(world.telegram.person(ana.id), { admin: true });
  team.addBot(world.telegram.person(ana.id));
  await world.settle();
  const file =
    '- {topic: disk.usage, kind: threshold, params: {field: usage, op: ">", limit: 90}, name: Disks}';
  await ben.sends('rules.yaml', file, { in: team });
  await ben.sends('rules.yaml', file, { in: team, caption: '/import' });
  ben.expects('Only admins of the group', { in: team });
  expect(team.messages().filter(({ fromBot }) => fromBot)).toHaveLength(2);
  await ana.sends('rules.yaml', file, { in: team, caption: '/import' });
  ana.expects('1 new', { in: team });
  await ana.presses('Take this rule', { in: team });
  ana.expects('Done: 1 new', { in: team });
});
