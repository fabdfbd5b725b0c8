// Quiet hours: what is held, what breaks through, and the one message in the morning, also when the clocks change.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (subject: string, usage: number, severity?: string) => ({
  type: 'disk.usage',
  subject,
  data: { usage },
  ...(severity ? { severity } : {}),
});
const evening = Date.UTC(2026, 4, 4, 18, 0); // 20:00 in Berlin

async function sleeps({ ana, enrols }: StoryWorld) {
  await enrols(ana);
  await ana.says('/quiet 22-7');
  ana.expects('Quiet from 22:00 to 7:00; critical alerts break through.');
  await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"');
  ana.expects('Saved');
}

story(
  'a night: warnings wait, the critical one does not, and the morning is one message',
  async (world) => {
    const { ana } = world;
    await sleeps(world);
    await world.advance('2h');
    await world.post(disk('/home', 92));
    await world.post(disk('/var', 95));
    await world.post(disk('/opt', 91));
    await world.advance('1h');
    await world.post([disk('/var', 50), disk('/opt', 60)]);
    await world.advance('1h');
    ana.expectsNothing();
    await world.post(disk('/sarc/cad', 99, 'critical'));
    ana.expects('🔴 Disk nearly full: /sarc/cad');
    await world.advance('1h');
    await world.post(disk('/sarc/cad', 70));
    ana.expects('✅ Disk nearly full: /sarc/cad is over');
    await world.advanceTo(Date.UTC(2026, 4, 5, 4, 59, 59));
    ana.expectsNothing();
    await world.advance('1s');
    const morning = ana.expects('🌙 While it was quiet');
    expect(morning.text).toMatch(/Still burning: 1\n.*\/home · 92, limit 90\. Since .*\nCame and went: 2/);
    expect(morning.text).toContain('/var');
    expect(morning.entities.map(({ type }) => type)).toContain('expandable_blockquote');
    expect(labels(morning).flat()).toEqual(['Acknowledge Disk nearly full: /home']);
    ana.expectsNothing();
    expect((await ana.presses('Acknowledge Disk nearly full: /home')).text).toBe('Acknowledged. Thank you.');
    await world.advance('1h');
    await world.post(disk('/home', 80));
    ana.expects('✅ Disk nearly full: /home is over');
    ana.expectsNothing();
  },
  { now: evening },
);

story(
  'a single thing of the night is told as itself in the morning',
  async (world) => {
    const { ana } = world;
    await sleeps(world);
    await world.advance('3h');
    await world.post(disk('/home', 92));
    await world.advanceTo(Date.UTC(2026, 4, 5, 5, 0));
    ana.expects('🟠 Disk nearly full: /home');
    expect(ana.transcript()).not.toContain('While it was quiet');
  },
  { now: evening },
);

story(
  'the night on which the clocks go forward ends at seven by the wall clock',
  async (world) => {
    const { ana } = world;
    await sleeps(world);
    await world.advanceTo(Date.UTC(2026, 2, 29, 0, 30));
    await world.post([disk('/home', 92), disk('/var', 93)]);
    await world.advanceTo(Date.UTC(2026, 2, 29, 4, 59, 59));
    ana.expectsNothing();
    await world.advance('1s');
    expect(ana.expects('Still burning: 2').text).toContain('Since 1:30');
  },
  { now: Date.UTC(2026, 2, 28, 20, 0) },
);

story(
  'and the one on which they go back lasts an hour longer',
  async (world) => {
    const { ana } = world;
    await sleeps(world);
    await world.advanceTo(Date.UTC(2026, 9, 25, 0, 30));
    await world.post([disk('/home', 92), disk('/var', 93)]);
    await world.advanceTo(Date.UTC(2026, 9, 25, 5, 59, 59));
    ana.expectsNothing();
    await world.advance('1s');
    ana.expects('Still burning: 2');
  },
  { now: Date.UTC(2026, 9, 24, 18, 0) },
);

story(
  'quiet hours are one person’s: Ben, who has none, is told at night',
  async (world) => {
    const { ana, ben } = world;
    await sleeps(world);
    await world.enrols(ben);
    await ben.says('/watch disk.usage usage > 90 named "Ben’s disks"');
    ben.expects('Saved');
    await world.advance('4h');
    await world.post(disk('/home', 92));
    ben.expects('Ben’s disks: /home');
    ana.expectsNothing();
    await ana.says('/quiet off');
    ana.expects('No quiet hours.');
    await world.advance('1m');
    ana.expects('🟠 Disk nearly full: /home');
  },
  { now: evening },
);

story('quiet hours may be those of some days, and are shown so', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  for (const [said, shown] of [
    [
      'weekdays 22-7',
      'Quiet from 22:00 to 7:00, in the nights that begin Mon–Fri (the first Mon 22:00, the last until Sat 7:00);',
    ],
    [
      'every Mon-Thu 10pm to 7am',
      'Quiet from 22:00 to 7:00, in the nights that begin Mon–Thu (the first Mon 22:00, the last until Fri 7:00);',
    ],
    ['Sun 22-7', 'Quiet from 22:00 to 7:00, in the nights that begin Sun (until Mon 7:00);'],
    ['Mon,Wed 22-7', 'Quiet from 22:00 to 7:00, in the nights that begin Mon,Wed;'],
    ['weekdays 12-14', 'Quiet from 12:00 to 14:00, on the days Mon–Fri;'],
    ['22:00-07:00 weekdays', 'Quiet from 22:00 to 7:00, in the nights that begin Mon–Fri'],
    ['from 22 to 7 on weekdays', 'Quiet from 22:00 to 7:00, in the nights that begin Mon–Fri'],
    ['22:30 until 6', 'Quiet from 22:30 to 6:00;'],
  ] as const) {
    await ana.says(`/quiet ${said}`);
    ana.expects(shown);
  }
  for (const nonsense of ['weekdays', '22-7; Sat-Sun', 'otherwise', '7-7']) {
    await ana.says(`/quiet ${nonsense}`);
    ana.expects('I don’t understand');
  }
});
