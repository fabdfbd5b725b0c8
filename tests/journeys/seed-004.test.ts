// Seed 004, sentence by sentence, made only by chatting: disks by the hour, builds by block and by run, hosts, jobs.
import { expect } from 'vitest';
import { addReceiver } from '#operations/add-receiver.ts';
import { labels } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { openSink, type Sink } from '../notify/stand-ins/sink.ts';
import { story } from './story.ts';

const disks = ['/', '/home', '/var', '/tmp', '/opt', '/srv', '/data', '/scratch', '/tools', '/sarc/cad'];
const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });
const halfHour = (full: Record<string, number> = {}) =>
  disks.map((name, i) => disk(name, full[name] ?? 20 + i * 5));
const job = (block: string, data: Record<string, string | number>, type = 'builds.vr0.place') => ({
  type,
  subject: block,
  data: { project: 'vr0', block, user: 'gpupi', runtag: 'r1', status: 'good', tns: -50, ...data },
});

/** Presses one after the other, as on a screen that is edited. */
async function presses({ ana }: StoryWorld, ...buttons: string[]) {
  for (const button of buttons) await ana.presses(button);
}

/** Ana's second address, a machine at home that stands for whatever she reads there. */
async function homeOf({ rooms, now }: StoryWorld, personId: string): Promise<Sink> {
  const home = await openSink();
  const input = {
    ownerId: personId,
    channel: 'webhook',
    contact: { url: `${home.url}/home` },
    label: 'home',
  };
  const added = await addReceiver(
    rooms.world,
    rooms.channels,
    { is: 'operator', name: 'the story' },
    input,
    now(),
  );
  if (!added.ok) throw new Error(added.text);
  return home;
}
const toldAt = (home: Sink) =>
  home.received.map(({ body }) => body).filter((body) => body.includes('/sarc/cad'));

story(
  'any of ten filesystems over 90 % in work hours, and at home above 97 % on evenings and weekends',
  async (world) => {
    const { ana } = world;
    const home = await homeOf(world, await world.enrols(ana));
    await world.post(halfHour());
    await world.advance('30m');
    await world.post(halfHour());
    await ana.says('/subscribe');
    await presses(world, 'disk.usage', 'usage');
    expect(ana.expects('Tell you when usage is above').text).toContain('Seen: 20 – 65, now /sarc/cad 65');
    await presses(world, '90');
    ana.expects('At night or weekends a different limit? (Day: Mon–Fri 9–18.)');
    await presses(world, '97 then');
    ana.expects('And where shall I tell you then?');
    await presses(world, 'home', 'Done');
    const preview = ana.expects('Is it right so?');
    expect(preview.text).toContain(
      'usage over 90 (Mon–Fri 9–18), over 97 otherwise at home; told to you here.',
    );
    await presses(world, 'Save');
    ana.expects('Saved');

    // Monday noon, 91: in the chat.
    await world.advance('30m');
    await world.post(halfHour({ '/sarc/cad': 91 }));
    ana.expects('91, limit 90');
    await world.post(halfHour());
    ana.expects('is over');
    const before = toldAt(home).length;
    // Monday evening, 95: nobody; 98: only at home.
    await world.advance('10h');
    await world.post(halfHour({ '/sarc/cad': 95 }));
    ana.expectsNothing();
    await world.advance('30m');
    await world.post(halfHour({ '/sarc/cad': 98 }));
    ana.expectsNothing();
    expect(toldAt(home).slice(before).join('\n')).toContain('98');
    await world.post(halfHour());
    await home.close();
  },
);

story('common builds fail on my block', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post([
    job('gc_t', { status: 'good' }, 'builds.common'),
    job('gc_l2', { status: 'fail' }, 'builds.common'),
  ]);
  await ana.says('/subscribe');
  await presses(
    world,
    'builds.common',
    'status changes',
    'whatever it was',
    'fail',
    'Only some',
    'block',
    'gc_t',
  );
  await presses(world, 'Done', 'Done');
  expect(ana.expects('Only where').text).toContain('block = "gc_t"');
  expect(ana.expects('Is it right so?').text).toContain('status becomes fail');
  await presses(world, 'Save');
  ana.expects('Saved');
  await world.post(job('gc_l2', { status: 'fail' }, 'builds.common'));
  ana.expectsNothing();
  await world.post(job('gc_t', { status: 'fail' }, 'builds.common'));
  ana.expects('good → fail');
});

story('more than four blocks fail the place step in one sequence', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  const step = (block: string, sequence: string, status: string, name = 'place') => ({
    type: 'builds.step',
    subject: block,
    data: { block, step: name, sequence, status },
  });
  await world.post([step('b0', 's1', 'fail'), step('b0', 's0', 'good', 'route')]);
  await ana.says('/subscribe');
  await presses(world, 'builds.step', 'More ways', 'Different values within a time', 'block', '4', '1 day');
  await presses(world, 'step', 'place', 'Done', 'status', 'fail', 'Done', 'Done');
  ana.expects('What is counted together?');
  await presses(world, 'Each sequence', 'Save');
  expect(ana.expects('Saved').text).toContain('more than 4 different block in 1 day');
  for (const block of ['b1', 'b2', 'b3']) await world.post(step(block, 's1', 'fail'));
  for (const block of ['b1', 'b2', 'b3', 'b4', 'b5']) await world.post(step(block, 's1', 'fail', 'route'));
  for (const block of ['b1', 'b2', 'b3', 'b4']) await world.post(step(block, 's2', 'fail'));
  ana.expectsNothing();
  await world.post(step('b4', 's1', 'fail'));
  await world.post(step('b5', 's1', 'fail'));
  ana.expects('builds.step');
  ana.expectsNothing();
});

story('a host that says every minute that it is alive, and stops', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  const alive = { type: 'host.alive', subject: 'caddashboard', data: { up: 1 } };
  await world.post(alive);
  await ana.says('/subscribe');
  await presses(world, 'host.alive', 'More ways', 'Nothing came for a while', '5 min');
  expect(ana.expects('Is it right so?').text).toContain('nothing for 5 min');
  await presses(world, 'Save');
  for (let minute = 0; minute < 5; minute++) {
    await world.post(alive);
    await world.advance('1m');
  }
  ana.expects('Saved');
  ana.expectsNothing();
  await world.advance('5m');
  ana.expects('caddashboard');
  await world.post(alive);
  ana.expects('is over');
});

story('one job of one user: completed, and how good', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post([job('gc_t', {}), job('gc_l2', { user: 'ben', tns: 3 })]);
  await ana.says('/subscribe');
  await presses(world, 'builds.vr0.place', 'tns', 'below instead', 'other');
  await ana.says('-40');
  await presses(world, 'same', 'Only some', 'user', 'gpupi', 'Done', 'block', 'gc_t', 'Done', 'Done', 'Save');
  expect(ana.expects('Saved').text).toContain('tns under -40');
  await world.post([job('gc_t', { tns: -30 }), job('gc_t', { user: 'ben', tns: -90 })]);
  ana.expectsNothing();
  await world.post(job('gc_t', { tns: -50 }));
  ana.expects('-50, limit -40');
});

story(
  'more than three blocks of vr0 fail with one runtag: an event is sent, and others hear of it',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await world.post([
      job('gc_t', { status: 'fail' }),
      job('gc_l2', { project: 'vr1', status: 'good', runtag: 'r0' }),
    ]);
    await ana.says('/subscribe builds.vr0.place');
    await presses(world, 'More ways', 'Different values within a time', 'block', '3', '1 h');
    await presses(world, 'project', 'vr0', 'Done', 'status', 'fail', 'Done', 'Done', 'Each runtag');
    await presses(world, 'Change', 'Becomes an event', 'alarms.builds.vr0.place');
    expect(ana.expects('It also becomes an event of').text).toContain('more than 3 different block in 1 h');
    await presses(world, 'Change', 'Name');
    await ana.says('Many blocks of vr0 fail');
    await presses(world, 'Save');
    ana.expects('Saved: Many blocks of vr0 fail');
    await ana.says('/watch alarms.** every named "Somebody’s builds"');
    ana.expects('Saved: Somebody’s builds');
    for (const block of ['a', 'b', 'c']) await world.post(job(block, { status: 'fail', runtag: 'r7' }));
    for (const block of ['a', 'b', 'c', 'd']) await world.post(job(block, { status: 'good', runtag: 'r8' }));
    ana.expectsNothing();
    await world.post(job('d', { status: 'fail', runtag: 'r7' }));
    const told = [
      ana.expects(/Many blocks of vr0 fail|Somebody/).text,
      ana.expects(/Many blocks of vr0 fail|Somebody/).text,
    ];
    expect(told.join('\n')).toContain('r7');
  },
);

story('the table of hours is kept by buttons, and a trial tells nobody', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.post(halfHour());
  await ana.says('/subscribe disk.usage');
  await presses(world, 'usage', '90', '97 then', 'Change', 'Hours');
  expect(ana.expects('The first that holds counts').text).toContain(
    '(your clock: Europe/Berlin):\n1. Mon–Fri 9–18: usage over 90.\n2. otherwise: usage over 97.',
  );
  await presses(world, 'Add hours', 'all day', 'Done', 'Nothing then', 'Done', 'Done', 'Change', 'On trial');
  const preview = ana.expects('On trial: it watches and tells nobody.');
  expect(preview.text).toContain('usage over 90 (Mon–Fri 9–18), nothing (Sat–Sun), over 97 otherwise');
  await presses(world, 'Save');
  ana.expects('Saved');
  await world.post(halfHour({ '/home': 99 }));
  ana.expectsNothing();
  await ana.says('/rules');
  await presses(world, '1. disk.usage');
  expect(labels(ana.expects('On trial')).flat()).toEqual(
    expect.arrayContaining(['Pause', 'Edit …', 'Delete', 'Back-test', 'End the trial', 'Share']),
  );
  expect((await ana.presses('End the trial')).text).toBe('It tells again.');
});
