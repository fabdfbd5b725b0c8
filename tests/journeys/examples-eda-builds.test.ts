// Seed 004 by its example: my blocks, disks by the hour, an aggregated event, styles by time, ganging.
import { expect } from 'vitest';
import { openExample } from '../harness/example-world.ts';
import { story } from './story.ts';

const me = { TOCSIN_OWNER: 'telegram:7001' };

story(
  'my blocks, many blocks with one runtag as an event of its own, and a host that falls silent',
  async (world) => {
    const { ana, ben } = world;
    const example = await openExample('eda-builds', world);
    const job = (block: string, status: string, runtag = 'r7', step = 'place') =>
      example.runs('job.sh', 'vr0', block, step, 'gpupi', runtag, status, '-50');
    await world.enrols(ana);
    await world.enrols(ben);
    await ana.says(example.lines('/my blocks')[0]!);
    ana.expects('gc_t');
    await example.runsWith(me, 'rules.sh');
    await ben.says('/watch alarms.** named "Alarms of others"');
    ben.expects('Saved');
    for (const block of ['gc_t', 'gc_x']) await job(block, 'good', 'r6');
    await job('gc_x', 'fail');
    ana.expectsNothing();
    await job('gc_t', 'fail');
    expect(ana.expects('My blocks: gc_t').text).toContain('good → fail');
    for (const block of ['a', 'b']) await job(block, 'fail');
    expect(ana.expects('🔴 Many blocks fail').text).toContain('4 different block: a, b, gc_t, gc_x');
    ben.expects('r7');
    await ana.presses('Acknowledge');
    ana.expects('Acknowledged by Ana');
    await job('c', 'fail');
    ana.expects('Place fails');

    await example.runs('alive.sh', 'caddashboard');
    await world.advance('6m');
    ana.expects('Host: caddashboard');
    await example.runs('alive.sh', 'caddashboard');
    ana.expects('is over');
    const { alerts } = JSON.parse(await example.runs('board.sh')) as { alerts: { title: string }[] };
    expect(alerts.map(({ title }) => title)).toContain('Many blocks fail');
    await example.close();
  },
);

story(
  'each line of the README makes its rule; real filesystems are read; evenings are one message',
  async (world) => {
    const { ana } = world;
    const example = await openExample('eda-builds', world);
    const disk = (usage: number, ...names: string[]) =>
      world.post(names.map((subject) => ({ type: 'disk.usage', subject, data: { usage } })));
    await world.enrols(ana);
    expect(await example.runs('disks.sh')).toMatch(/"accepted":[1-9]/);
    await example.runs('job.sh', 'vr0', 'gc_t', 'place', 'gpupi', 'r1', 'good');
    await example.runs('alive.sh', 'cad1');
    await ana.says('/my blocks add gc_t');
    for (const line of example.lines('/watch')) {
      await ana.says(line);
      ana.expects('Saved: ');
    }
    // Monday noon: at once. By the minute: one message for what comes together.
    await disk(91, '/sarc/cad');
    ana.expects('91, limit 90');
    const { receivers } = JSON.parse(await example.runsWith(me, 'style.sh')) as {
      receivers: { id: string }[];
    };
    await example.runsWith(me, 'style.sh', receivers[0]!.id, 'evening');
    await disk(92, '/home', '/tools');
    ana.expectsNothing();
    await world.advance('1m');
    const ganged = ana.expects('Gathered for you');
    expect(ganged.text).toContain('/home');
    expect(ganged.text).toContain('/tools');
    // Evening: 98 on two of them is told in the morning, together.
    await disk(10, '/sarc/cad', '/home', '/tools');
    await world.advance('9h');
    ana.expects('is over');
    await disk(96, '/data');
    await disk(98, '/scratch', '/opt');
    await world.advance('1h');
    expect(ana.transcript()).not.toContain('/scratch');
    await world.advance('10h');
    const morning = ana.expects('/scratch');
    expect(morning.text).toContain('/opt');
    expect(morning.text).not.toContain('/data');
    await example.close();
  },
);
