// The digest: one message at the hour that was chosen, once, by the wall clock, and nothing when nothing happened.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

const disk = (subject: string, usage: number, severity?: string) => ({
  type: 'disk.usage',
  subject,
  data: { usage },
  ...(severity ? { severity } : {}),
});
const rule = {
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90 },
  name: 'Disk',
};

story('every day at the morning, once, and not when nothing happened', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, rule);
  await ana.says('/digest');
  expect(labels(ana.expects('No digest comes')).flat()).not.toContain('No digest');
  await ana.presses('Every day');
  ana.expects('Your digest comes next Tue 9:00');
  await world.post([disk('/a', 95), disk('/b', 96), disk('/b', 10)]);
  await world.advanceTo(Date.UTC(2026, 4, 5, 6, 59));
  expect(ana.transcript()).not.toContain('Your digest: what');
  await world.advance('2m');
  const told = ana.expects('Your digest: what you missed');
  expect(told.text).toMatch(/Still burning: 1\n1\. 🟠 Disk: \/a/);
  expect(told.text).toContain('disk.usage: 1 came and went');
  await world.post(disk('/a', 10));
  ana.expects('is over');
  // Tuesday’s end is in Wednesday’s; on Thursday there is nothing.
  await world.advance('1d');
  ana.expects('Your digest');
  await world.restarts();
  await world.advance('3d');
  ana.expectsNothing();
  await ana.presses('Say so when quiet');
  await world.advance('1d');
  ana.expects('Your digest: nothing happened');
  await ana.presses('No digest');
  ana.expects('No digest comes');
  await world.advance('2d');
  ana.expectsNothing();
});

story(
  'by the wall clock when the clocks change, in the zone that was typed',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await world.advance('1m');
    await ana.says('/digest 0 9 * * *');
    ana.expects('comes next Sun 9:00');
    await ana.presses('Say so when quiet');
    await world.advanceTo(Date.UTC(2026, 2, 29, 7, 1));
    ana.expects('Your digest: nothing happened');
    await ana.says('/digest 0 9 * * * Asia/Tokyo');
    ana.expects('in Asia/Tokyo');
    await world.advanceTo(Date.UTC(2026, 2, 30, 0, 1));
    ana.expects('Your digest: nothing happened');
    await ana.says('/digest 0 9 * * * Nowhere/Land');
    ana.expects('I know no time zone “Nowhere/Land”.');
    await ana.says('/digest soon');
    const refused = ana.expects('“soon” is no time for a digest.').text;
    expect(refused).toContain('fridays 18:00');
    expect(refused).toContain('Your digest comes next');
    expect(refused).not.toMatch(/pattern|configuration/i);
    await ana.says('/digest 0 25 * * *');
    ana.expects('its hour cannot be “25”');
    await ana.says('/digest fridays');
    ana.expects('comes next Fri 9:00');
    await ana.says('/digest weekdays at 18:30 Asia/Tokyo');
    ana.expects('in Asia/Tokyo');
  },
  { now: Date.UTC(2026, 2, 28, 20, 0) },
);

story(
  'only what is urgent at once: the rest is told with the digest, and nobody is left with half of it',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await world.makesRule(ana, rule);
    await ana.says('/digest daily');
    ana.expects('Alerts are told at once');
    await ana.presses('Only urgent at once');
    ana.expects('Only what is urgent is told at once');
    await world.post([disk('/a', 95), disk('/b', 95), disk('/c', 95), disk('/c', 1)]);
    ana.expectsNothing();
    await world.post(disk('/reactor', 99, 'critical'));
    ana.expects('🔴 Disk: /reactor');
    await world.advance('1d');
    const kept = ana.expects('Kept for your digest');
    expect(kept.text).toMatch(/Still burning: 2/);
    expect(kept.text).toContain('Came and went: 1');
    ana.expects('Your digest: what you missed');
    await world.post(disk('/a', 1));
    ana.expectsNothing();
    await world.advance('1d');
    ana.expects('is over');
  },
);

story(
  'one topic is told with the digest, the others at once, and what is critical of it, too',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await world.makesRule(ana, rule);
    await ana.says('/watch builds.** every named "Build"');
    ana.expects('Saved');
    await ana.says('/channels');
    await ana.presses('Topics left out');
    await ana.presses('Leave out a topic');
    await ana.says('disk.**');
    expect((await ana.presses('Tell it with my digest')).text).toBe(
      'No digest comes yet: say with /digest when it shall.',
    );
    await ana.says('/digest daily');
    ana.expects('Alerts are told at once');
    await ana.says('/channels');
    await ana.presses('Topics left out');
    await ana.presses('Leave out a topic');
    await ana.says('disk.**');
    expect((await ana.presses('Tell it with my digest')).text).toContain('It comes with the digest');
    ana.expects('• disk.**, but with the digest');
    await world.post([disk('/a', 95), disk('/b', 95)]);
    ana.expectsNothing();
    await world.post(disk('/reactor', 99, 'critical'));
    ana.expects('🔴 Disk: /reactor');
    await world.post({ type: 'builds.x', subject: 'gc_t', data: {} });
    ana.expects('Build (x): gc_t');
    await world.advance('1d');
    expect(ana.expects('Kept for your digest').text).toMatch(/Still burning: 2/);
    ana.expects('Your digest: what you missed');
  },
);

story('whoever was away is offered to catch up when it ends', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await world.makesRule(ana, rule);
  await ana.says('/away 5d');
  await ana.presses('Nobody');
  await world.advance('6d');
  ana.expects('You are back after 5 days away. /catchup');
  expect(ana.transcript().match(/You are back after/g)).toHaveLength(1);
});
